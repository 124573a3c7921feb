"""Texts of any language become columns, whose words and weights are those of the training part."""

import unicodedata

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from tasting_notes import tasters

from mmlib.data import Samples
from mmlib.features.blocks import default_block, wide_blocks
from mmlib.features.words import WordWeights, words_of
from mmlib.fusion.early import early_fusion


def test_weights_are_those_of_scikit_learn():
    notes, _ = tasters(80)
    ours = WordWeights().fit(notes)
    theirs = TfidfVectorizer(sublinear_tf=True, min_df=2).fit(notes)
    np.testing.assert_array_equal(ours.words_, theirs.get_feature_names_out())
    new = [*notes[:9], "roast1 roast1 never-seen", ""]
    np.testing.assert_allclose(ours.transform(new), theirs.transform(new).toarray())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Le café n'était pas brûlé", ["le", "café", "était", "pas", "brûlé"]),
        ("STRASSE Straße", ["strasse", "strasse"]),
        ("हिन्दी में कड़वा", ["हिन्दी", "में", "कड़वा"]),
        ("горький, кислый", ["горький", "кислый"]),
        ("مر وحامض", ["مر", "وحامض"]),
        ("苦味强 pH7", ["苦味", "味强", "ph7"]),
        ("苦", ["苦"]),
        ("ｆｕｌｌ ﬁg_tree 3.5", ["full", "fig", "tree"]),
        ("a b ! – …", []),
        ("x" * 61 + " ok", ["ok"]),
    ],
)
def test_words_of_any_language(text, words):
    assert words_of(text) == [unicodedata.normalize("NFKC", word) for word in words]
    assert words_of(unicodedata.normalize("NFD", text)) == words_of(text)


def test_thai_is_cut_into_pairs_so_that_two_texts_share_some():
    one, other = words_of("รสขมมาก"), words_of("รสขมน้อย")
    assert all(len(pair) == 2 for pair in one) and set(one) & set(other)


def test_words_do_not_depend_on_the_order_of_the_texts():
    notes, _ = tasters(60, n_words=40)
    few = WordWeights(most=15).fit(notes)
    turned = WordWeights(most=15).fit(notes[::-1])
    assert len(few.words_) == 15
    np.testing.assert_array_equal(few.words_, turned.words_)
    np.testing.assert_array_equal(few.weights_, turned.weights_)


def test_a_word_that_a_single_text_has_is_kept_where_there_are_no_others():
    assert WordWeights().fit(["dark", "sour"]).words_.tolist() == ["dark", "sour"]
    nothing = WordWeights().fit(["?", "!"])
    assert nothing.transform(["dark", "?"]).tolist() == [[0.0], [0.0]]


def test_words_are_learned_inside_the_training_part():
    notes, label = tasters(60)
    X = Samples(text=np.array(notes, object))
    model = early_fusion(blocks={"text": wide_blocks("text", ())["text"]}).fit(X, label)
    known = model[0].blocks_["text"][-1].words_.copy()
    model.predict(Samples(text=np.array(["fruit1 quite new words words"], object)))
    np.testing.assert_array_equal(model[0].blocks_["text"][-1].words_, known)
    assert "words" not in known


def test_the_default_block_of_a_text_has_few_columns():
    notes, _ = tasters(60)
    weights, components = default_block(())
    table = components.fit_transform(weights.fit_transform(notes))
    assert table.shape[0] == 60 and table.shape[1] <= 30
