"""The options of a family. Written by `make config` from the engine's schema: edit the sentences there."""

# No `X | None` and no `list[int]` here: OmegaConf reads these annotations as they stand.
from dataclasses import dataclass, field
from typing import Dict, List, Optional


@dataclass(frozen=True)
class Fields:
    """One field for each option of the engine."""

    n_nodes: int = 20
    """Number of nodes, or the least of a range. From 1 to 2048."""
    n_nodes_max: Optional[int] = None
    """Largest number of nodes, where it is drawn per task; null for n_nodes. From 1 to 2048."""
    graph: str = "erdos_renyi"
    """Kind of the random graph. One of erdos_renyi, scale_free, stochastic_block, fixed_edge_count, watts_strogatz,
    random_geometric, fixed_in_degree, uniform_dag, back_door, hidden_confounder, instrument, front_door, subnetwork."""
    sparsity_param: float = 2.0
    """Expected edges per node, for every graph kind; never more than (n - 1) / 2, one for each pair. From 0 to 1024."""
    mechanism_proportions: Optional[Dict[str, float]] = None
    """Probability of each mechanism kind at a node, up to a factor; null for linear only. Names of binary, categorical, count,
    gp, gpcde, linear, log_space, logistic_map, mlp, periodic, polynomial, product, quadratic, sigmoid_additive, tree."""
    noise_type: str = "gaussian"
    """Law of the noise, with mean 0 and variance 1 before scaling; cauchy, which has neither, has median 0 and scale 1. One of
    gaussian, laplace, uniform, gumbel, logistic, exponential, cauchy, student_t, gaussian_mixture."""
    standardization: str = "none"
    """What is scaled: none (nothing beyond a mechanism's own definition; gpcde, polynomial, quadratic, product, categorical,
    binary and count read standardised parents in any case), inputs (mechanisms read standardised parents), internal (every
    continuous node is standardised; iSCM) or batch (the continuous data are, by the moments of the first calibration_rows rows
    of draw 0, which are a data set's, as published pipelines do: make that the number of rows). One of none, inputs, internal,
    batch."""
    root_policy: str = "mechanism"
    """Nodes without parents get a mechanism that reads noise only, or the noise itself. One of mechanism, noise."""
    post_nonlinear: List[str] = field(default_factory=lambda: ["identity"])
    """Strictly increasing functions, of which each node applies one, drawn with equal probability, to the continuous value that
    its mechanism of any kind gives: identity, tanh, sigmoid, cube or leaky_relu. 1 to 5 values, each one of identity, tanh,
    sigmoid, cube, leaky_relu."""
    root_noise_type: Optional[str] = None
    """Law of the noise of nodes without parents, with the same options as noise_type; null for that of all nodes. One of
    gaussian, laplace, uniform, gumbel, logistic, exponential, cauchy, student_t, gaussian_mixture."""
    root_noise_scale: float = 1.0
    """Standard deviation of nodes without parents under root_policy = noise. From 0 to 1e6."""
    function_range: float = 0.0
    """The 1 % and 99 % quantiles of what a linear or mlp mechanism makes of its parents, and of noise that is one of its
    inputs, at the calibration rows are mapped to minus and plus this, before noise is added to it; nodes without parents, and
    0, have functions as they are drawn. From 0 to 1e6."""
    discretized_proportion: float = 0.0
    """Probability that the continuous value of a node with a mechanism is cut into classes, at quantiles of the calibration
    rows at random levels, which stay under interventions; classes are then ordered. Nodes without parents under root_policy =
    noise are not cut. From 0 to 1."""
    discretized_classes_min: int = 2
    """Least number of classes that a value is cut into. From 2 to 32."""
    discretized_classes_max: int = 8
    """Largest number of classes that a value is cut into, which is drawn uniformly per node. From 2 to 32."""
    class_reading: str = "one_hot"
    """How mechanisms read a parent of more than two classes: one_hot (a column for each class) or number (the class's number).
    One of one_hot, number."""
    calibration_rows: int = 256
    """Rows that estimate means and deviations for standardisation, once per task, where no closed form is known, and the
    quantiles of function_range and of nodes that are cut, and at which exact Gaussian processes are drawn. From 16 to 65536."""
    divergence: str = "refuse"
    """What becomes of a task with a value beyond the range of float32: refuse (an error), or redraw (in data sets, another task
    from the slot's retry seeds, counted as a rejection, so that tasks follow the family's law given that all rows drawn are
    finite; a task asked for by its seed is refused). One of refuse, redraw."""
    noise_degrees_of_freedom: float = 5.0
    """Degrees of freedom of student_t noise. Above 2, at most 1e6."""
    noise_mixture_components: int = 6
    """Largest number of components of gaussian_mixture noise; a node has 2 up to this, each number as likely, of equal shares.
    From 2 to 6."""
    noise_mixture_spread: float = 7.5
    """Components of gaussian_mixture noise have means uniform between minus and plus this many of their deviations. Above 0, at
    most 1000."""
    noise_scale_law: str = "gamma_variance"
    """Size of the noise of mechanisms that have one of a size (all but gpcde, kinds of classes and counts and, with mlp_noise =
    input, mlp): gamma_variance, uniform or uniform_variance per node, gamma_variance_per_row or gamma_scale_per_row, or input:
    a variance that is softplus of a random function of the parents. One of gamma_variance, uniform, uniform_variance,
    gamma_variance_per_row, gamma_scale_per_row, input."""
    noise_variance_shape: float = 2.5
    """Shape of the Gamma law of a noise variance (or scale). Above 0, at most 1e6."""
    noise_variance_scale: float = 0.4
    """Scale of the Gamma law of a noise variance (or scale); its mean is shape times scale. Above 0, at most 1e6."""
    noise_scale_min: float = 0.2
    """Least standard deviation under the laws uniform and uniform_variance. From 0 to 1e6."""
    noise_scale_max: float = 2.0
    """Largest standard deviation under these laws. From 0 to 1e6."""
    noise_input_length: float = 10.0
    """Length scale of the function under the law input. From 0.001 to 1e6."""
    noise_input_scale: float = 2.0
    """Standard deviation of the function under the law input. From 0 to 1e6."""
    scale_free_orientation: str = "out"
    """Direction of scale-free edges: out (old to new, hubs have many children), in (hubs have many parents) or random. One of
    out, in, random."""
    scale_free_power: float = 1.0
    """A scale-free node is chosen with probability proportional to its degree to this power. From 0 to 3."""
    stochastic_block_count: int = 2
    """Number of blocks, as equal in size as can be. From 1 to 2048."""
    stochastic_block_ratio: float = 0.1
    """Edge probability between blocks over the one within. From 0 to 1."""
    watts_strogatz_rewiring: float = 0.3
    """Probability that a link of the ring is rewired. From 0 to 1."""
    back_door_ratio: float = 1.0
    """Edge probability between two covariates over the one from a covariate to treatment or outcome. From 0 to 1."""
    hidden_confounder_ratio: float = 1.0
    """Edge probability between two covariates over the one from a covariate to treatment or outcome. From 0 to 1."""
    instrument_ratio: float = 1.0
    """Edge probability between two covariates over the one from a covariate to treatment or outcome. From 0 to 1."""
    front_door_ratio: float = 1.0
    """Edge probability between two covariates over the one from a covariate to treatment or outcome. From 0 to 1."""
    subnetwork_edges: List[int] = field(default_factory=list[int])
    """Edges of the network, as cause, effect, cause, effect, and so on, by numbers of nodes; anc.read_edges reads a file's. 0
    to 200000 values, each from 0 to 1e6."""
    subnetwork_top: float = 0.2
    """Share of the neighbours of the nodes gathered so far, those of highest modularity, from which the next is drawn. From 0
    to 1."""
    linear_weights: str = "normal"
    """Law of a linear weight: normal N(0, scale²), or signed_uniform ±U(min, max). One of normal, signed_uniform."""
    linear_weight_scale: float = 1.0
    """Standard deviation of a normal weight. From 0 to 1e6."""
    linear_weight_min: float = 0.5
    """Least magnitude of a signed_uniform weight. From 0 to 1e6."""
    linear_weight_max: float = 2.0
    """Largest magnitude of a signed_uniform weight. From 0 to 1e6."""
    linear_weight_floor: float = 0.0
    """Normal weights of a smaller magnitude are drawn again, so that no edge is nearly none; at most twice linear_weight_scale.
    From 0 to 1e6."""
    linear_bias: float = 0.0
    """A node's bias is uniform between minus this and this. From 0 to 1e6."""
    mlp_hidden: List[int] = field(default_factory=lambda: [32, 32])
    """Widths of the hidden layers. 1 to 8 values, each from 1 to 1024."""
    mlp_slope: float = 0.01
    """Slope of the leaky ReLU below 0. From 0 to 1."""
    mlp_init: str = "he"
    """Law of the weights: he (variance kept), torch (nn.Linear's default), n01 (standard normal), notears (±U(0.5, 2)) or
    spectral (hidden layers of a given norm). One of he, torch, n01, notears, spectral."""
    mlp_spectral_norm: float = 5.0
    """About the largest singular value of the weights of a hidden layer under mlp_init = spectral. Above 0, at most 1e6."""
    mlp_bias_law: str = "normal"
    """Law of the biases of every layer: normal of deviation mlp_bias_scale, uniform between minus and plus that, or fan_in:
    U(±1/√inputs). One of normal, uniform, fan_in."""
    mlp_bias_scale: float = 0.0
    """Standard deviation of the normal biases of every layer; 0 for none, with which six in ten nodes without parents never
    change sign (at 0.1: 35 in 100). mlp_init = torch has its own. From 0 to 1e6."""
    mlp_activation: str = "leaky_relu"
    """Activation of the hidden layers: leaky_relu, tanh or sigmoid. One of leaky_relu, tanh, sigmoid."""
    mlp_noise: str = "input"
    """Where the noise enters: as the network's last input with variance 1 (input) or of the family's size (scaled_input), or
    additive. One of input, scaled_input, additive."""
    gpcde_features: int = 512
    """Random Fourier features of a node, shared out among its kernels. From 2 to 65536."""
    gpcde_kernels: List[str] = field(default_factory=lambda: ["rbf", "matern32"])
    """Kernels that are summed, with equal variances. 1 to 8 values, each one of rbf, matern12, matern32, matern52,
    rational_quadratic, gamma_exponential."""
    gpcde_gamma_min: float = 1.0
    """Least exponent of a gamma_exponential kernel. Above 0, at most 2."""
    gpcde_gamma_max: float = 2.0
    """Largest exponent of a gamma_exponential kernel. Above 0, at most 2."""
    gpcde_alpha: float = 1.0
    """Shape of a rational_quadratic kernel. Above 0, at most 1e6."""
    gpcde_length_law: str = "log_normal"
    """Law of a length scale: uniform(first, second), log_normal(first, second) or gamma(shape first, scale second). One of
    uniform, log_normal, gamma."""
    gpcde_length_first: float = 0.0
    """First parameter of gpcde_length_law: of log_normal, the mean of the logarithm. From -20 to 1e6."""
    gpcde_length_second: float = 0.5
    """Second parameter of gpcde_length_law: of log_normal, the standard deviation of the logarithm. From 0 to 1e6."""
    gpcde_parent_weight: float = 0.0
    """Weight of each parent in the mean function. From -1e6 to 1e6."""
    gpcde_mode: str = "features"
    """How functions are drawn: by random Fourier features, or exact: jointly at the calibration rows, by Cholesky. One of
    features, exact."""
    gpcde_variance: float = 1.0
    """Variance of the sum of the kernels. Above 0, at most 1e6."""
    gpcde_length_min: float = 0.3
    """Length scales below are raised to it. Above 0, at most 1e6."""
    gpcde_length_max: float = 5.0
    """Length scales above are cut to it. Above 0, at most 1e6."""
    gpcde_mean_weight: float = 0.5
    """The mean function is this times the latent variable plus gpcde_parent_weight times the parents' sum. From -1e6 to 1e6."""
    gpcde_noise_scale_law: str = "constant"
    """Size of the added noise: constant, or gamma_per_row. One of constant, gamma_per_row."""
    gpcde_noise_scale: float = 0.05
    """Scale of the noise that is added, or its mean over rows. From 0 to 1e6."""
    gpcde_noise_shape: float = 1.0
    """Shape of the Gamma law of gamma_per_row. Above 0, at most 1e6."""
    gpcde_jitter: float = 0.0
    """Variance of white noise that is added to the kernels, as exact draws add it to their diagonal. From 0 to 1e6."""
    gp_features: int = 256
    """Random Fourier features of a node, shared out among its kernels. From 2 to 65536."""
    gp_kernels: List[str] = field(default_factory=lambda: ["rbf"])
    """Kernels that are summed, with equal variances. 1 to 8 values, each one of rbf, matern12, matern32, matern52,
    rational_quadratic, gamma_exponential."""
    gp_gamma_min: float = 1.0
    """Least exponent of a gamma_exponential kernel. Above 0, at most 2."""
    gp_gamma_max: float = 2.0
    """Largest exponent of a gamma_exponential kernel. Above 0, at most 2."""
    gp_alpha: float = 1.0
    """Shape of a rational_quadratic kernel. Above 0, at most 1e6."""
    gp_length_law: str = "log_normal"
    """Law of a length scale: uniform(first, second), log_normal(first, second) or gamma(shape first, scale second). One of
    uniform, log_normal, gamma."""
    gp_length_first: float = 0.0
    """First parameter of gp_length_law: of log_normal, the mean of the logarithm. From -20 to 1e6."""
    gp_length_second: float = 0.5
    """Second parameter of gp_length_law: of log_normal, the standard deviation of the logarithm. From 0 to 1e6."""
    gp_parent_weight: float = 0.0
    """Weight of each parent in the mean function. From -1e6 to 1e6."""
    gp_mode: str = "features"
    """How functions are drawn: by random Fourier features, or exact: jointly at the calibration rows, by Cholesky. One of
    features, exact."""
    gp_output_min: float = 1.0
    """Least standard deviation of a node's function. From 0 to 1e6."""
    gp_output_max: float = 1.0
    """Largest standard deviation of a node's function. From 0 to 1e6."""
    gp_bias: float = 0.0
    """A node's bias is uniform between minus this and this. From 0 to 1e6."""
    gp_outer: str = "identity"
    """Function of the sum (post-nonlinear): identity, tanh, sigmoid, cube or leaky_relu. One of identity, tanh, sigmoid, cube,
    leaky_relu."""
    polynomial_degree: int = 2
    """Degree of the polynomial of each parent; along a path degrees multiply, and values beyond float32 are an error: mix it
    with bounded kinds, or give post_nonlinear a tanh. From 1 to 6."""
    polynomial_weight_scale: float = 0.3
    """A coefficient of the k-th power is N(0, this² / (2k - 1)!!), so that each power of a normal parent is as large. From 0 to
    1e6."""
    quadratic_weight_min: float = 0.5
    """Least magnitude of a weight, whose sign is random. From 0 to 1e6."""
    quadratic_weight_max: float = 1.0
    """Largest magnitude of a weight. From 0 to 1e6."""
    quadratic_density: float = 0.5
    """Probability that a product of two parents, or a square, has a weight; first powers always have one. From 0 to 1."""
    product_weight_min: float = 0.5
    """Least magnitude of a weight, whose sign is random. From 0 to 1e6."""
    product_weight_max: float = 1.0
    """Largest magnitude of a weight. From 0 to 1e6."""
    product_offset: float = 1.0
    """What is added to each weighted parent before they are multiplied; 0 for the plain product. From 0 to 1e6."""
    log_space_weight_scale: float = 0.5
    """Standard deviation of a normal weight. From 0 to 1e6."""
    log_space_offset: float = 1.0
    """What is added to a parent's magnitude before its logarithm is taken; 0 for a product of powers. From 0 to 1e6."""
    sigmoid_additive_excess: float = 0.25
    """A step's height is 1 plus an exponential of this mean, on either side. From 0 to 1e6."""
    sigmoid_additive_slope_min: float = 0.5
    """Least magnitude of the factor of a parent, whose sign is random. From 0 to 1e6."""
    sigmoid_additive_slope_max: float = 2.0
    """Largest magnitude of that factor. From 0 to 1e6."""
    sigmoid_additive_shift: float = 2.0
    """A step lies uniformly between minus this and this. From 0 to 1e6."""
    periodic_amplitude_min: float = 0.5
    """Least amplitude of a parent's wave. From 0 to 1e6."""
    periodic_amplitude_max: float = 2.0
    """Largest amplitude of a parent's wave. From 0 to 1e6."""
    periodic_frequency_min: float = 0.1
    """Least frequency, in turns per unit of a parent. From 0 to 1000."""
    periodic_frequency_max: float = 0.5
    """Largest frequency, in turns per unit of a parent. From 0 to 1000."""
    logistic_map_steps: int = 2
    """Steps of the map u to r u (1 - u). From 1 to 6."""
    logistic_map_rate_min: float = 3.57
    """Least rate r of a node. Above 0, at most 4."""
    logistic_map_rate_max: float = 4.0
    """Largest rate r of a node. Above 0, at most 4."""
    logistic_map_weight_scale: float = 1.0
    """Standard deviation of a normal weight of the sum that the map starts from. From 0 to 1e6."""
    logistic_map_scale: float = 4.0
    """Width of the map's range in a node's values. From 0 to 1e6."""
    tree_count: int = 4
    """Trees of a node; more where its parents are more than the levels of all. From 1 to 128."""
    tree_depth: int = 4
    """Levels of a tree, each of which compares one parent with a threshold. From 1 to 8."""
    tree_leaf_scale: float = 2.0
    """Standard deviation of the sum of a node's trees over the normal law of their leaves. From 0 to 1e6."""
    categorical_classes_min: int = 3
    """Least number of a node's classes. From 2 to 32."""
    categorical_classes_max: int = 6
    """Largest number of a node's classes, which is drawn uniformly per node. From 2 to 32."""
    categorical_score: str = "mlp"
    """What makes the classes' probabilities: linear (softmax of a linear map of the parents), mlp (of a network, as in ENCO) or
    table (Dirichlet rows, where all parents have classes and the table at most 4096 numbers; else linear). One of linear, mlp,
    table."""
    categorical_scale: float = 1.0
    """Standard deviation of the normal weights and biases of linear scores, and of the scores of a node without parents. From 0
    to 1e6."""
    categorical_hidden: int = 48
    """Width of the hidden layer of an mlp score. From 1 to 1024."""
    categorical_gain: float = 2.5
    """Gain of the orthogonal weights of an mlp score; the larger, the more certain its classes. From 0 to 1e6."""
    categorical_concentration: float = 1.0
    """Concentration of the Dirichlet rows of a table score; the smaller, the more certain its classes. From 0.05 to 1e6."""
    binary_score: str = "mlp"
    """What makes the classes' probabilities: linear (softmax of a linear map of the parents), mlp (of a network, as in ENCO) or
    table (Dirichlet rows, where all parents have classes and the table at most 4096 numbers; else linear). One of linear, mlp,
    table."""
    binary_scale: float = 1.0
    """Standard deviation of the normal weights and biases of linear scores, and of the scores of a node without parents. From 0
    to 1e6."""
    binary_hidden: int = 48
    """Width of the hidden layer of an mlp score. From 1 to 1024."""
    binary_gain: float = 2.5
    """Gain of the orthogonal weights of an mlp score; the larger, the more certain its classes. From 0 to 1e6."""
    binary_concentration: float = 1.0
    """Concentration of the Dirichlet rows of a table score; the smaller, the more certain its classes. From 0.05 to 1e6."""
    count_mean_max: float = 20.0
    """What the mean of a count levels off at. Above 0, at most 500."""
    count_scale: float = 1.0
    """Standard deviation of the normal weights and bias of a mean's score. From 0 to 1e6."""
    count_size: Optional[float] = None
    """Size of negative binomial counts, whose variance is mean + mean²/size; null for Poisson counts. From 0.1 to 1e6."""

    @property
    def gpcde_length_location(self) -> float:
        """Former name of `gpcde_length_first`."""
        return self.gpcde_length_first

    @property
    def gpcde_length_spread(self) -> float:
        """Former name of `gpcde_length_second`."""
        return self.gpcde_length_second

    def __post_init__(self) -> None:
        """Nothing yet: FamilyConfig checks the values."""


FORMER = {
    "gpcde_length_location": "gpcde_length_first",
    "gpcde_length_spread": "gpcde_length_second",
}
"""Former names of fields, which are still good, and what they are now."""
