"""A folder of yours, start to end: check, compare, report, predict.

`reading` turns a folder into data or says what is wrong with it, `run` compares and predicts,
`report` writes one page, `saving` keeps a model without pickle, `writing` makes folders.
"""
