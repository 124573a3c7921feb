"""What a saved model may be made of: each class, and what is kept of it, a line each.

How to read a line: `mmlib.project.saving.slots`. A saved model says which *line* belongs to which
place, and what the values are. Whatever stands in no line can be neither saved nor loaded. Nets
have a table of their own, `mmlib.project.saving.net_kinds`, so that other models load no torch.
"""

from chemotools.baseline import LinearCorrection
from chemotools.derivative import SavitzkyGolay
from chemotools.outliers import HotellingT2, QResiduals
from chemotools.scatter import (
    MultiplicativeScatterCorrection,
    RobustNormalVariate,
    StandardNormalVariate,
)
from chemotools.smooth import MeanFilter
from sklearn import calibration, covariance, dummy, ensemble, linear_model, naive_bayes, svm, tree
from sklearn import preprocessing as prep
from sklearn.compose import TransformedTargetRegressor
from sklearn.cross_decomposition import PLSRegression
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.feature_selection import VarianceThreshold
from sklearn.isotonic import IsotonicRegression
from sklearn.kernel_approximation import Nystroem
from sklearn.kernel_ridge import KernelRidge
from sklearn.pipeline import FeatureUnion, Pipeline

from ...data.mapping import Select
from ...evaluation.applicability import ApplicabilityDomain, WithApplicabilityDomain
from ...evaluation.conformal import ConformalRegressor
from ...evaluation.nested_choice import ModelSelectionCV
from ...features import block_ridge
from ...features.block_selection import BlockSelection
from ...features.block_union import BlockUnion
from ...features.blocks import Blocks, BlockScale
from ...features.decomposition import PLS, PLSDA, Compress
from ...features.images import ColorTexture, flatten
from ...features.interval_pls import IntervalSelector
from ...features.letters import letter_shares
from ...features.once import Once
from ...features.outline import Outline
from ...features.patch_features import PatchFeatures
from ...features.pretreatments import absorbance
from ...features.score_link import ScoreLink
from ...features.spectrum_block import ChosenPretreatment, SpectrumBlock
from ...features.thumbnail import Thumbnail
from ...features.tokens import patches, windows
from ...features.wavelengths import BandSelector
from ...features.whitened import WhitenedComponents
from ...features.wide import columns, mean_and_spread, sort_pixels
from ...features.words import WordWeights
from ...fusion import rules
from ...fusion.attributes import SemanticAlignment
from ...fusion.balanced import BalancedDecision
from ...fusion.cascade import CascadeClassifier
from ...fusion.cca import RegularizedCCA
from ...fusion.comdim import ComDim
from ...fusion.fallbacks import RegressorWithFallbacks, WithFallbacks
from ...fusion.late import LateFusionClassifier, LateFusionRegressor
from ...fusion.missing import Fill
from ...fusion.rosa import ROSA
from ...fusion.sopls import SOPLS
from .compiled import (
    curve,
    few_columns,
    few_products,
    grow,
    machine,
    no_curve,
    same_columns,
    short_window,
    tree_state,
    words_known,
)  # fmt: skip
from .slots import kind

FUNCTIONS = (
    absorbance, columns, flatten, letter_shares, mean_and_spread, patches, sort_pixels, windows,
)  # fmt: skip
NAMED = {"function": {function.__name__: function for function in FUNCTIONS}}
_LINEAR = "coef_:f(p)|f(t,p) intercept_:number|f(t) n_iter_:whole|i(n)? classes_:labels(c)"
_SCALER = "n_samples_seen_:number|f(p)|i(p)"
_MACHINE = (
    "_sparse:truth class_weight_:f(c) classes_:labels(c) _effective_probability:truth "
    "_gamma:number support_:i(s) support_vectors_:f(s,p) _n_support:i(g) dual_coef_:f(a,s) "
    "intercept_:f(m) _probA:f(u) _probB:f(u) fit_status_:whole _num_iter:i(m) n_iter_:whole|i(m) "
    "shape_fit_:plain _intercept_:f(m) _dual_coef_:f(a,s)"
)
_TREE = (
    "n_outputs_:whole classes_:labels(c) n_classes_:whole max_features_:whole nodes:bytes "
    "values:f(n,o,v) depth:whole"
)
_FOREST = (
    "estimator_:{0} estimators_:[{0}] _n_samples:whole n_outputs_:whole classes_:labels(c) "
    "n_classes_:whole _sample_weight:plain _n_samples_bootstrap:whole? oob_score_:number "
    "oob_decision_function_:f~(n,c) oob_prediction_:f~(n)"
)
_GROW = {"take": tree_state, "put": grow}
_PLS = (
    "_predict_1d:truth _norm_y_weights:truth _x_mean:f(p) _y_mean:f(t) _x_std:f(p) _y_std:f(t) "
    "x_weights_:f(p,k) y_weights_:f(t,k) _x_scores:f(n,k) _y_scores:f(n,k) x_loadings_:f(p,k) "
    "y_loadings_:f(t,k) n_iter_:plain x_rotations_:f(p,k) y_rotations_:f(t,k) coef_:f(t,p) "
    "intercept_:f(t) _n_features_out:#k x_scores_:f(n,k) y_scores_:f(n,k)"
)
_FAR = (
    "model:PCA estimator_:PCA transformer_:none? n_components_:whole n_samples_:whole "
    "confidence_:number critical_value_:number"
)
_CHOSEN = "pretreatment_:text autoscaled_:truth choice_:text steps_:Pipeline _n_features_out:whole"
_BLOCK_RIDGE = (
    "steps_:{[Centered|Nystroem]} weights_:{number} bends_:{number?} intercept_:f(t) "
    "penalty_:number loss_:number coef_:{f(*,*)}"
)
_FALLBACKS = "fused:any fallbacks:{any} modalities_:plain fused_:any fallbacks_:{any}"
_SCORES = (
    "means_:{f(*)} weights_:{f(*,k)} loadings_:{f(*,k)} sources_:labels(k) explained_:f(b,k) "
    "settings_:i(s,g) errors_:f(s) choice_:text"
)
_LATE = "models:{any} blocks:Blocks? blocks_:Blocks? models_:{any} weights_:plain "

KINDS = {
    line.cls.__name__: line
    for line in (
        kind(Pipeline, "steps:steps", put=few_columns),
        kind(FeatureUnion, "transformer_list:steps", put=few_columns),
        kind(BlockUnion, "transformer_list:steps", put=few_columns),
        kind(Select, "modality:text"),
        kind(Blocks, "blocks:{any} blocks_:{any}", put=few_columns),
        kind(BlockScale, "scale_:number"),
        kind(BlockSelection, "left_out_:plain kept_:text"),
        kind(ColorTexture, "bytes_:truth low_:f(c) high_:f(c) names_:plain"),
        kind(Once, "transformer:any transformer_:any"),
        kind(Outline),
        kind(PatchFeatures),
        kind(Thumbnail),
        kind(BandSelector, "scores_:f(p) bands_:i(k)"),
        kind(IntervalSelector, "intervals_:plain errors_:plain bands_:i(k)"),
        kind(Compress, "pca_:PCA _n_features_out:whole"),
        kind(SpectrumBlock, _CHOSEN + " n_components_:whole"),
        kind(ChosenPretreatment, _CHOSEN),
        kind(WordWeights, "words_:labels(w) weights_:f(w)", put=words_known),
        kind(WhitenedComponents, "origin_:f(p) patterns_:f(k,p) level_:f(a,a) "
             "_n_features_out:whole"),
        kind(
            PCA,
            "_fit_svd_solver:text mean_:f(p) noise_variance_:number n_samples_:whole "
            "n_components_:#k components_:f(k,p) explained_variance_:f(k) "
            "explained_variance_ratio_:f~(k) singular_values_:f(k)",
        ),
        kind(StandardNormalVariate),
        kind(MultiplicativeScatterCorrection, "reference_:f(p) weights_:f(p) A_:f(p,q) "
             "pinv_A_:f(q,p)"),
        kind(RobustNormalVariate),
        kind(LinearCorrection),
        kind(MeanFilter, "window_length_:whole"),
        kind(SavitzkyGolay, "window_length_:whole polyorder_:whole deriv_:whole",
             put=short_window),
        kind(prep.StandardScaler, f"{_SCALER} mean_:f(p)? var_:f(p)? scale_:f(p)?"),
        kind(
            prep.MinMaxScaler,
            f"{_SCALER} scale_:f(p) min_:f(p) data_min_:f(p) data_max_:f(p) data_range_:f(p)",
        ),
        kind(prep.RobustScaler, "center_:f(p)? scale_:f(p)?"),
        kind(prep.MaxAbsScaler, f"{_SCALER} scale_:f(p) max_abs_:f(p)"),
        kind(prep.Normalizer),
        kind(VarianceThreshold, "variances_:f(p)"),
        kind(prep.FunctionTransformer, "func:@function?"),
        kind(
            prep.PolynomialFeatures,
            "_min_degree:whole _max_degree:whole n_output_features_:whole _n_out_full:whole",
            put=few_products,
        ),
        kind(covariance.OAS, "location_:f(p) shrinkage_:number covariance_:f(p,p) "
             "precision_:f(p,p)"),
        kind(covariance.LedoitWolf, "location_:f(p) shrinkage_:number covariance_:f(p,p) "
             "precision_:f(p,p)"),
        kind(
            LinearDiscriminantAnalysis,
            "covariance_estimator:any? classes_:labels(c) priors_:f(c) _max_components:whole "
            "means_:f(c,p) covariance_:f(p,p) coef_:f(b,p) intercept_:f(b) xbar_:f(p) "
            "explained_variance_ratio_:f~(e) scalings_:f(p,m) _n_features_out:whole",
        ),
        kind(linear_model.LinearRegression, f"{_LINEAR} rank_:whole singular_:f(n)"),
        kind(linear_model.LogisticRegression, _LINEAR),
        kind(linear_model.Ridge, f"{_LINEAR} solver_:text"),
        kind(linear_model.RidgeCV, f"{_LINEAR} alpha_:number|f(t) best_score_:number|f(t)"),
        kind(linear_model.ElasticNet, f"{_LINEAR} dual_gap_:number|f(t)"),
        kind(linear_model.Lasso, f"{_LINEAR} dual_gap_:number|f(t)"),
        kind(linear_model.RidgeClassifier, f"{_LINEAR} solver_:text _label_binarizer:any"),
        kind(
            linear_model.RidgeClassifierCV,
            f"{_LINEAR} alpha_:number|f(t) best_score_:number|f(t) _label_binarizer:any",
        ),
        kind(prep.LabelBinarizer, "classes_:labels(c) y_type_:text sparse_input_:truth"),
        kind(naive_bayes.GaussianNB, "classes_:labels(c) theta_:f(c,p) var_:f(c,p) "
             "class_count_:f(c) class_prior_:f(c) epsilon_:number"),
        kind(block_ridge.Centered, "center_:f(p) scale_:number"),
        kind(Nystroem, "components_:f(k,p) component_indices_:i(k) normalization_:f(k,k) "
             "_n_features_out:#k"),
        kind(block_ridge.BlockRidgeClassifier, f"{_BLOCK_RIDGE} classes_:labels(c) "
             "link_:ScoreLink"),
        kind(ScoreLink, "sharpness_:number turned_:Pipeline?"),
        kind(block_ridge.BlockRidgeRegressor, f"{_BLOCK_RIDGE} single_:truth spread_:f(t)"),
        kind(dummy.DummyClassifier, "_strategy:text sparse_output_:truth n_outputs_:whole "
             "classes_:labels(c) n_classes_:whole class_prior_:f(c)"),
        kind(dummy.DummyRegressor, "n_outputs_:whole constant_:f(a,b)"),
        kind(svm.LinearSVC, _LINEAR),
        kind(KernelRidge, "dual_coef_:f(n)|f(n,t) X_fit_:f(n,p)"),
        kind(svm.SVC, _MACHINE, put=machine),
        kind(svm.SVR, _MACHINE, put=machine),
        kind(tree.DecisionTreeClassifier, _TREE, **_GROW),
        kind(tree.DecisionTreeRegressor, _TREE, **_GROW),
        kind(tree.ExtraTreeClassifier, _TREE, **_GROW),
        kind(tree.ExtraTreeRegressor, _TREE, **_GROW),
        kind(ensemble.RandomForestClassifier, _FOREST.replace("{0}", "DecisionTreeClassifier"),
             put=same_columns),
        kind(ensemble.RandomForestRegressor, _FOREST.replace("{0}", "DecisionTreeRegressor"),
             put=same_columns),
        kind(ensemble.ExtraTreesClassifier, _FOREST.replace("{0}", "ExtraTreeClassifier"),
             put=same_columns),
        kind(ensemble.ExtraTreesRegressor, _FOREST.replace("{0}", "ExtraTreeRegressor"),
             put=same_columns),
        kind(PLSRegression, _PLS),
        kind(PLS, _PLS + " choice_:text"),
        kind(PLSDA, "choice_:text classes_:labels(c) pls_:PLSRegression n_components_:whole "
             "lda_:LinearDiscriminantAnalysis"),
        kind(TransformedTargetRegressor, "regressor:any? transformer:any? regressor_:any "
             "transformer_:any _training_dim:whole"),
        kind(LateFusionClassifier, _LATE + "classes_:labels(c) prior_:f(c) "
             "calibrators_:{Calibrator}? stacker_:Stacker"),
        kind(LateFusionRegressor, _LATE + "stacker_:LinearRegression"),
        kind(rules.Stacker, "inner_:LogisticRegression?"),
        kind(rules.Calibrator, "present_:b(c) inner_:CalibratedClassifierCV?"),
        kind(rules._Given, "classes_:labels(c)"),
        kind(calibration.CalibratedClassifierCV, "estimator:any? classes_:labels(c) "
             "calibrated_classifiers_:[_CalibratedClassifier]"),
        kind(
            calibration._CalibratedClassifier,
            "estimator:any classes:labels(c) method:text "
            "calibrators:[IsotonicRegression|_SigmoidCalibration|_TemperatureScaling]",
        ),
        kind(calibration._SigmoidCalibration, "a_:number b_:number"),
        kind(calibration._TemperatureScaling, "beta_:number"),
        kind(
            IsotonicRegression,
            "increasing_:truth X_min_:number X_max_:number X_thresholds_:f(n) y_thresholds_:f(n)",
            take=no_curve,
            put=curve,
        ),
        kind(HotellingT2, _FAR),
        kind(QResiduals, _FAR),
        kind(
            ApplicabilityDomain,
            "alarm_:number limits_:{number} reach_:{f(*)} columns_:{Pipeline|FunctionTransformer} "
            "far_:{[StandardScaler|HotellingT2|QResiduals]}",
        ),
        kind(WithApplicabilityDomain, "model:any model_:any domain:ApplicabilityDomain? "
             "domain_:ApplicabilityDomain"),
        kind(ConformalRegressor, "estimator:any estimator_:any scores_:f(n) groups_:labels(n)?"),
        kind(ModelSelectionCV, "models:{any} best_:text model_:any classes_:labels(c)"),
        kind(WithFallbacks, _FALLBACKS + " classes_:labels(c)"),
        kind(RegressorWithFallbacks, _FALLBACKS),
        kind(CascadeClassifier, "first:any second:any first_:any second_:any classes_:labels(c) "
             "shares_:f(c)? sure_from_:number share_:number"),
        kind(BalancedDecision, "model:any model_:any classes_:labels(c) shares_:f(c)"),
        kind(Fill, "means_:plain models_:{Pipeline}"),
        kind(RegularizedCCA, "means_:{f(*)} weights_:{f(*,*)} correlations_:f(k)"),
        kind(SOPLS, _SCORES),
        kind(ROSA, _SCORES),
        kind(ComDim, _SCORES),
        kind(SemanticAlignment, "classes_:labels(c) columns_:{whole} readers_:{Pipeline} "
             "reader_:Pipeline"),
    )
}  # fmt: skip
