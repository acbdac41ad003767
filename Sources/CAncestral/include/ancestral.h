/*
 * ancestral.h: the C contract of the Ancestral engine.
 *
 * Rules that hold for every function:
 *   - it returns an anc_status, all but anc_abi_version; results go into memory that the caller owns;
 *   - structured input is one JSON string, structured output one JSON text;
 *   - no pointer is kept after the function returns, but for that of anc_cancel_on; handles come as create/free pairs;
 *   - bad input is an error status with a sentence in anc_last_error (of the same thread), never a trap;
 *   - matrices are row-major; A[i * n + j] == 1 is the edge i -> j; X[r * n + j] is row r of node j;
 *   - the same arguments give the same bits on every machine, with any number of threads.
 *
 * A text output (`out`, `capacity`, `needed`) writes at most `capacity` bytes with the closing NUL, and the
 * number of bytes that the whole text needs, NUL counted, into `needed`. Call with capacity 0 to ask for the size.
 */
#ifndef ANCESTRAL_H
#define ANCESTRAL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Clang's nullability, left out where the compiler does not know it. */
#ifndef __clang__
#define _Nullable
#endif

typedef int32_t anc_status;
#define ANC_OK 0
/* The call's time slice ended before its work did: call again with the same arguments to go on. */
#define ANC_MORE 1
/* A value the caller gave is wrong; the sentence names the field, the value and what would be right. */
#define ANC_ERROR_CONFIG 2
/* No graph outside the reserved set was found within the bounded number of tries. */
#define ANC_ERROR_DISJOINT 3
/* A computation failed, for instance a value that is not finite. */
#define ANC_ERROR_ENGINE 4

/* Levels of graph identity. */
#define ANC_LEVEL_EXACT 0
#define ANC_LEVEL_MEC 1
#define ANC_LEVEL_ISO 2

/* Changes whenever a declaration below does. */
#define ANC_ABI_VERSION 12

typedef struct anc_family anc_family;
typedef struct anc_instance anc_instance;
typedef struct anc_reserved anc_reserved;
typedef struct anc_sample anc_sample;
typedef struct anc_design anc_design;

/* ------------------------------------------------------------------------------------------------ library */

/* The ABI version that the library was built with; compare with ANC_ABI_VERSION before any other call. */
int32_t anc_abi_version(void);

/*
 * Lets another thread end this thread's calls: each call made while *flag is not 0 ends within about 50 ms with ANC_ERROR_ENGINE, and
 * what it has written means nothing. The number must live until this thread gives another one, or NULL for none.
 */
anc_status anc_cancel_on(const int32_t *_Nullable flag);

/* The engine's version, such as "0.1.0". */
anc_status anc_version(char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* The sentence of the last error in this thread; empty when there was none. */
anc_status anc_last_error(char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* The most of what is bounded wherever it is given: {"n_nodes", "threads"}. */
anc_status anc_limits(char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* The one of `names`, a JSON object whose member "names" lists them, that a wrong name stands for; empty where none is near. */
anc_status anc_meant_name(
    const char *_Nullable word, const char *_Nullable names, char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* JSON Schema (draft 2020-12) of a family's configuration. */
anc_status anc_schema(char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* Published families by name: [{"name", "source", "config": {..}}, ..]; a config has the fields that differ from the defaults. */
anc_status anc_presets(char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* ------------------------------------------------------------------------------------------------ families */

/*
 * Makes a family from its configuration, a JSON object, a mixture from {"mixture": [{"weight": 1, "family": {..}}, ..]}, or the family of a
 * known network from {"network": {"variables": [{"name", "parents", "states", "probabilities"}, ..]}}, where a linear-Gaussian variable
 * has intercept, coefficients and variance. Free it with anc_family_free.
 */
anc_status anc_family_create(const char *_Nullable json, anc_family *_Nullable *_Nullable out);
anc_status anc_family_free(anc_family *_Nullable family);

/* The configuration in canonical JSON: every field that shapes the family's tasks, sorted by name, defaults spelled out. */
anc_status anc_family_config(const anc_family *_Nullable family, char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* SHA-256 of the numerics version and the canonical JSON: 64 lower-case hex digits and a NUL, 65 bytes. */
anc_status anc_family_fingerprint(const anc_family *_Nullable family, char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * What a caller reckons with: {"max_nodes": the most nodes that a task has, which is the width of padded arrays, "has_long_tasks": whether
 * one may take longer than a caller should wait for an answer, so that anc_cancel_on is worth a thread, "discrete": whether nodes may have
 * other values than continuous ones, classes or counts, "redraws_divergent": whether some tasks are drawn again where a value is not finite,
 * "moment_rows": [..]}. The last are, for each family of a mixture whose data are scaled by the moments of their own first rows, how many
 * rows these are.
 */
anc_status anc_family_describe(const anc_family *_Nullable family, char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* out[i]: the number of the mixture's component that the task of seeds[i] comes from; 0 for a plain family. */
anc_status anc_family_components(
    const anc_family *_Nullable family, const uint64_t *_Nullable seeds, size_t count, int32_t *_Nullable out);

/* ------------------------------------------------------------------------------------------------ networks */

/*
 * Makes the family of a known network from the text of its file, in the format "bif" or "json"; an error names the line or the member.
 * Free it with anc_family_free.
 */
anc_status anc_network_read(
    const char *_Nullable text, const char *_Nullable format, anc_family *_Nullable *_Nullable out);

/*
 * The exact joint law of some variables of a network under an intervention: query {"of": [name, ..], "do": {name: state, ..}};
 * count doubles, one for each combination of the states of those in "of", of which the last changes fastest.
 */
anc_status anc_network_probabilities(
    const anc_family *_Nullable family, const char *_Nullable query, double *_Nullable out, size_t count);

/* ------------------------------------------------------------------------------------------------ seeds */

/*
 * Seeds of training tasks first .. first + count - 1 (numerics 1.3).
 * offset: -1 for the elastic order (tasks numbered globally), else rank * num_workers + worker_id of a stream.
 * epoch: -1 for none, else folded into the key.
 */
anc_status anc_stream_seeds(uint64_t base_seed, int64_t offset, int64_t epoch, uint64_t first, size_t count, uint64_t *_Nullable out);

/*
 * Seeds of a fixed set's tasks first .. first + count - 1, of the set of a run that has the name `name`, such as "test/id", or for NULL
 * the default ones; never equal to a training seed but by chance of 2^-64. Sets of other names share none but by chance of 2^-31.
 */
anc_status anc_fixed_seeds(
    uint64_t base_seed, const char *_Nullable name, uint64_t first, size_t count, uint64_t *_Nullable out);

/* Seeds of tasks 0 .. count - 1 of what is drawn to be looked at: those of no training task and of no fixed set. */
anc_status anc_analysis_seeds(uint64_t base_seed, size_t count, uint64_t *_Nullable out);

/*
 * The seed of attempt >= 1 at the task whose first seed is `seed`. With `reserved`, the graphs that all attempts before it had,
 * ANC_ERROR_DISJOINT once there are as many as are made.
 */
anc_status anc_retry_seed(
    const anc_reserved *_Nullable reserved, uint64_t seed, uint32_t attempt, uint64_t *_Nullable out);

/* ------------------------------------------------------------------------------------------------ tasks */

/*
 * Fills a whole batch: for each seed a graph, its mechanisms and n_samples rows of draw number `draw`.
 *
 * reserved    NULL, or graphs that no task may have: such a task is drawn again with anc_retry_seed 1, 2, ...; so is one with a value
 *             that is not finite in its n_samples rows, whether x is asked for or not, where the family has divergence = redraw
 * threads     pthreads that share the tasks and are joined before the call returns; 0 means 1
 * rows_done   count entries, all zero at the first call; the call's own memory of where it stands while it returns ANC_MORE
 * x           count * n_samples * max_nodes floats, or NULL; columns past a task's node count are 0
 * adjacency   count * max_nodes * max_nodes floats, 0 or 1, or NULL
 * node_counts count entries, or NULL
 * hashes      count * 32 bytes, the SHA-256 of each graph at level exact, or NULL
 * attempts    count entries, how many attempts at each task were rejected, or NULL
 */
anc_status anc_tasks_fill(
    const anc_family *_Nullable family, const anc_reserved *_Nullable reserved,
    const uint64_t *_Nullable seeds, size_t count, size_t n_samples, uint32_t draw, size_t threads,
    int64_t *_Nullable rows_done,
    float *_Nullable x, float *_Nullable adjacency, int32_t *_Nullable node_counts,
    uint8_t *_Nullable hashes, uint32_t *_Nullable attempts);

/*
 * Standard noise of the family's law, in a mixture that of the seed's own family, for nodes 0 .. n_nodes - 1, for mechanisms that
 * live outside the engine:
 * out[r * n_nodes + j], rows first_row .. first_row + rows - 1. Nodes have no parents known here: root_noise_type plays no part.
 */
anc_status anc_noise_fill(
    const anc_family *_Nullable family, uint64_t seed, size_t n_nodes, uint64_t first_row, size_t rows, uint32_t draw,
    float *_Nullable out);

/*
 * Brings each column of `count` tasks' rows to mean 0 and population standard deviation 1, by the task's own rows: x[(t * rows + r) *
 * columns + j] and out alike, which is other memory. A constant column becomes 0. Sums are in double, so that values may have any size
 * that a float holds; what isn't finite makes its column so. Some 5 ns a value.
 */
anc_status anc_standardize(
    const float *_Nullable x, size_t count, size_t rows, size_t columns, float *_Nullable out);

/* ------------------------------------------------------------------------------------------------ designs */

/*
 * A design: what is done to a task's SCM and what is shown of it, from its JSON object. Free it with anc_design_free.
 */
anc_status anc_design_create(const char *_Nullable json, anc_design *_Nullable *_Nullable out);
anc_status anc_design_free(anc_design *_Nullable design);

/* {"schema": JSON Schema of a design, "outputs": [{name, dtype, axes, meaning}, ..], "presets": [{name, source, config}, ..]}. */
anc_status anc_design_schema(char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * {"config": the options that shape the experiments, "layout": [{name, dtype, shape, axes, scale, meaning, ..}, ..], "fingerprint": ..}: what a
 * caller allocates for each task before it asks for any. The fingerprint identifies the stream of family and design.
 *
 * family      whose tasks they are, or NULL: then no fingerprint, and with n_nodes 0 the config alone
 * n_nodes     the nodes of a task; with a family 0 stands for as many as one may have, and the family is held against the design
 * first_seed  of the batch, which decides the number of its rows where the design draws it per batch
 */
anc_status anc_design_describe(
    const anc_design *_Nullable design, const anc_family *_Nullable family, size_t n_nodes, uint64_t first_seed,
    char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * Fills a whole batch of experiments: as anc_tasks_fill, with one array for each entry of the layout.
 *
 * arrays      n_arrays pointers, in the order of the layout, each to count * shape elements of the entry's dtype (bool: a byte)
 *             (n_arrays 0: hashes and attempts alone are filled, and rows are drawn only where the family has divergence = redraw)
 * sizes       the bytes of each array, which must be those of the layout that the seeds have
 */
anc_status anc_experiments_fill(
    const anc_family *_Nullable family, const anc_design *_Nullable design, const anc_reserved *_Nullable reserved,
    const uint64_t *_Nullable seeds, size_t count, uint32_t draw, size_t threads, int64_t *_Nullable rows_done,
    void *_Nullable const *_Nullable arrays, const size_t *_Nullable sizes, size_t n_arrays,
    uint8_t *_Nullable hashes, uint32_t *_Nullable attempts);

/*
 * One SCM's experiment, as of a batch that begins with first_seed. family: where the SCM is from, or NULL; regimes with other mechanisms
 * need it.
 */
anc_status anc_instance_run(
    const anc_instance *_Nullable instance, const anc_family *_Nullable family, const anc_design *_Nullable design,
    uint64_t first_seed, uint32_t draw, void *_Nullable const *_Nullable arrays, const size_t *_Nullable sizes, size_t n_arrays);

/*
 * {"n_tasks": .., "statistics": [{name, meaning, mean, sd, quantiles at .05 .25 .5 .75 .95}, ..]}: what a design does to a family, over
 * tasks that are no training tasks: shares of rows, targets, how far means move, confounded pairs, treated shares, effects.
 */
anc_status anc_design_summary(
    const anc_design *_Nullable design, const anc_family *_Nullable family, size_t tasks, uint64_t seed, size_t threads,
    char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * How far what two designs do to their families is apart: {"metrics": [{"name", "value", "p", "null_mean", "null_q95", "low", "high"}, ..],
 * "only_first": [names], "only_second": [names]}. Each statistic of anc_design_summary that both have is a metric, and "design_energy" is all
 * of them together; the others are listed. options: those of anc_sample_distance that count tasks, and its seed and threads; tasks of the
 * second have seed + 1, so that a design differs from itself by chance alone. It computes anew with every call: give room for the text at
 * once (1 MiB is ample).
 */
anc_status anc_design_distance(
    const anc_design *_Nullable first, const anc_family *_Nullable first_family, const anc_design *_Nullable second,
    const anc_family *_Nullable second_family, const char *_Nullable options, char *_Nullable out, size_t capacity,
    size_t *_Nullable needed);

/* 1 where the SCM's graph has room for the design, as a treatment with an outcome; 0 where anc_experiments_fill would draw another. */
anc_status anc_design_admits(
    const anc_design *_Nullable design, const anc_family *_Nullable family, const anc_instance *_Nullable instance,
    int32_t *_Nullable out);

/* ------------------------------------------------------------------------------------------------ instances */

/*
 * The task of one seed. adjacency: NULL to draw the graph from the family (n_nodes is then not read), else n_nodes * n_nodes bytes of the
 * caller's own DAG, over which the family's mechanisms are drawn. Free it with anc_instance_free.
 */
anc_status anc_instance_create(
    const anc_family *_Nullable family, uint64_t seed, const uint8_t *_Nullable adjacency, size_t n_nodes,
    anc_instance *_Nullable *_Nullable out);
anc_status anc_instance_free(anc_instance *_Nullable instance);

/*
 * The instance under do(X[nodes[i]] = values[i]), i < count: each such node is held at its value and its incoming edges are
 * cut; rows of the same draw share their noise with the rows of `instance`. Free it with anc_instance_free.
 */
anc_status anc_instance_do(
    const anc_instance *_Nullable instance, const int32_t *_Nullable nodes, const float *_Nullable values, size_t count,
    anc_instance *_Nullable *_Nullable out);

/*
 * What the instance is: {"component": the mixture's component or 0, "noise_channels": K, "order": its n nodes as they are computed}, where
 * not all nodes are continuous "kind": [0 continuous, 1 binary, 2 categorical, 3 count] and "n_classes": [0 without], and
 * where with_mechanisms isn't 0 also "parameter_count": P and "nodes": [{"node", "kind", "parents": [..], "columns": [those that are read
 * of each parent: a class may be told by one for each], "noise": ["noise" | "latent", ..],
 * "parameters": [{"name", "shape": [..], "offset"}], "settings": {..}}, ..]. Offsets count floats in the array of anc_instance_parameters.
 * Parents ascend.
 */
anc_status anc_instance_describe(
    const anc_instance *_Nullable instance, int32_t with_mechanisms, char *_Nullable out, size_t capacity, size_t *_Nullable needed);
/* n * n bytes, 0 or 1. */
anc_status anc_instance_adjacency(const anc_instance *_Nullable instance, uint8_t *_Nullable out);
/* P floats. */
anc_status anc_instance_parameters(const anc_instance *_Nullable instance, float *_Nullable out, size_t count);

/*
 * Rows first_row .. first_row + rows - 1 of draw number `draw`, by ancestral sampling.
 *
 * done   0 at the first call; how many rows are written, while the call returns ANC_MORE
 * x      rows * n floats, x[r * n + j]
 * noise  NULL, or rows * n * K floats: noise[(r * n + j) * K + c] is channel c of node j, 0 where the node has fewer
 */
anc_status anc_instance_sample(
    const anc_instance *_Nullable instance, uint64_t first_row, size_t rows, uint32_t draw, size_t threads,
    size_t *_Nullable done, float *_Nullable x, float *_Nullable noise);

/* ------------------------------------------------------------------------------------------------ analysis */

/*
 * A sample is what summaries and distances read of a number of tasks; tasks are added to it, by one thread at a time or by several.
 * `options` is a JSON object, of which every member may be left out: {"tasks": 500, "rows": 256, "detailed": 0, "holes": 0, "seed": 0, "threads": 1,
 * "permutations": 999, "bootstraps": 200, "metrics": ["spectral_w1", ..]}. What only a summary reads is kept where "detailed" is 1.
 * These calls take seconds; see anc_cancel_on.
 */

/* Creates a sample without tasks. */
anc_status anc_sample_create(anc_sample *_Nullable *_Nullable out);

/* Frees a sample; NULL is allowed. */
anc_status anc_sample_free(anc_sample *_Nullable sample);

/*
 * Draws tasks of a family, with the option `rows` rows each. Where `seeds` is NULL these are as many as the option `tasks` says, of the
 * family's law: no training tasks, and those of no fixed set; the option `seed` tells samples apart. Else they are those of `count` seeds,
 * and over the caller's graphs where `adjacency` isn't NULL: graph t has node_counts[t] nodes and so many squared bytes.
 */
anc_status anc_sample_draw(
    anc_sample *_Nullable sample, const anc_family *_Nullable family, const uint64_t *_Nullable seeds, size_t count,
    const int32_t *_Nullable node_counts, const uint8_t *_Nullable adjacency, const char *_Nullable options);

/*
 * Adds the caller's tasks, whose mechanisms nobody knows. Task t has node_counts[t] nodes, so many squared bytes of `adjacency` and
 * rows * node_counts[t] finite floats of `x`, each after those of task t - 1; `x` isn't read where rows is 0, and may have NaN for cells
 * that are missing where the option "holes" is 1. `values` says of each node what its values are: 0 continuous, K >= 2 that many classes,
 * -1 counts; NULL where all are continuous.
 */
anc_status anc_sample_add(
    anc_sample *_Nullable sample, size_t count, size_t rows, const int32_t *_Nullable node_counts,
    const uint8_t *_Nullable adjacency, const float *_Nullable x, const int16_t *_Nullable values, const char *_Nullable options);

/*
 * What is in a sample of at least one task: {"n_tasks", "statistics": {name: {"mean", "sd", "quantiles": [5]}}, "in_degrees", "out_degrees",
 * "degrees", "variance_along_order": [10, or none without rows], "component_counts", "warnings", "notes"}.
 */
anc_status anc_sample_summary(
    const anc_sample *_Nullable sample, char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * How far two samples of at least two tasks are apart: {metric: {"value", "p", "null_mean", "null_q95", "low", "high"}, ..}, and where both
 * are of Erdos-Renyi laws "edges": {"forward", "backward", "jeffreys", "js", "w1"}, and where something could not be measured of one of
 * them alone "notes": {"first": [..], "second": [..]}; what is not finite is null. It computes anew with every call: give room for the
 * text at once (1 MiB is ample).
 */
anc_status anc_sample_distance(
    const anc_sample *_Nullable first, const anc_sample *_Nullable second, const char *_Nullable options,
    char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * The names of all measures and of all statistics of a summary, in the order in which people read them, and what each is read from:
 * {"metrics": [{"name", "source"}, ..], "statistics": [..]}; a source is "graph", "data" or "model", the mechanisms behind the data.
 */
anc_status anc_measures(char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * How well the marginal variances, out[0], and the shares of variance that all other nodes explain, out[1], order the nodes as the
 * graph does: from 0 to 1, not a number where there is no edge or no such share. x: rows * n_nodes floats; values: as of anc_sample_add.
 * Nodes with classes have no place in the order.
 */
anc_status anc_sortability(
    const float *_Nullable x, size_t rows, const uint8_t *_Nullable adjacency, size_t n_nodes, const int16_t *_Nullable values,
    double *_Nullable out);

/*
 * Spectra of the skeletons of `count` DAGs, one after the other: graph g has node_counts[g] nodes, so many squared bytes of `adjacency`
 * after those of the graph before it, and as many values of `out`, the ascending eigenvalues of its normalised Laplacian.
 */
anc_status anc_spectra(
    const uint8_t *_Nullable adjacency, const int32_t *_Nullable node_counts, size_t count, size_t threads, double *_Nullable out);

/* ------------------------------------------------------------------------------------------------ files */

/*
 * {"faults": [..], "unproved": [..]}, sentences: what is wrong with the safetensors file of a fixed set, or with the folder of a run's
 * registry, and what can't be computed again, as strategies written in Python. Takes as long as drawing the tasks; the room for the text is
 * that of the analysis. `options` is {"training_tasks": 1000, "threads": 1, "configs": .., "checked": []}: how many
 * of the training tasks that a run wrote down are checked; what config.yaml of an older run's folder holds, or null, as this library reads
 * no YAML; the names of families that the caller checks by itself. Where there is nothing to check, the status is ANC_ERROR_CONFIG.
 */
anc_status anc_verify(
    const char *_Nullable path, const char *_Nullable options, char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * What the registry of a run says, for whoever draws its tasks again: {"base_seed", "level", "rows", "batch", "families": {name: {"config",
 * "design", "fingerprint"}}, "sets": {name: {"seeds": [..], "hashes": [..]}}, "training": [{"epoch", "number", "seed", "hash"}]}, seeds and
 * hashes in hex digits; a design is null for plain tasks, of `rows` rows, and `batch` is the number of tasks of a training batch. `configs`
 * is the JSON object that config.yaml of an older run's folder holds, or NULL. The files' checksums are anc_verify's to look at; a folder
 * that no run of ours leaves is ANC_ERROR_CONFIG.
 */
anc_status anc_run_read(
    const char *_Nullable folder, const char *_Nullable configs, char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * What a safetensors file that the caller has open holds: {"metadata": {..}, "tensors": [{"name", "type", "shape", "start"}, ..]}, in the order
 * in which they lie there, each with the file's byte at which it starts. They are all of the file, one after another.
 */
anc_status anc_tensors_read(int32_t descriptor, char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/*
 * How the file of a fixed set is written: {"name": .., "header": .., "metadata": {..}, "tensors": [{"name", "type", "shape"}, ..]}. The file is
 * the number of the header's bytes, 8 bytes with the least significant first, the header, and the tensors in their order. `set` is
 * {"config", "fingerprint", "rows", "nodes", "more": {..}}: the family, the rows and the most nodes of a task, and metadata besides, texts; or
 * of experiments {"config", "fingerprint", "design": {..}, "least_nodes", "nodes", "discrete": false, "more": {..}}, the fingerprint being that of
 * both, and "discrete" as anc_family_describe tells it.
 *
 * seeds       count entries
 * seed_bytes  NULL, or count * 8 bytes: what the tensor "seeds" holds
 */
anc_status anc_set_plan(
    const char *_Nullable set, const uint64_t *_Nullable seeds, size_t count, uint8_t *_Nullable seed_bytes,
    char *_Nullable out, size_t capacity, size_t *_Nullable needed);

/* ------------------------------------------------------------------------------------------------ graphs */

/* A topological order of n * n bytes, smallest label first among the nodes that are free; an error names the nodes of a cycle. */
anc_status anc_graph_order(const uint8_t *_Nullable adjacency, size_t n_nodes, int32_t *_Nullable out);

/* 32 bytes: the SHA-256 of the graph's canonical bytes at a level. */
anc_status anc_graph_hash(const uint8_t *_Nullable adjacency, size_t n_nodes, int32_t level, uint8_t *_Nullable out);

/*
 * The completed partially directed graph of a DAG's Markov equivalence class, n * n bytes: an edge that all members direct alike stands
 * once, any other in both directions.
 */
anc_status anc_graph_cpdag(const uint8_t *_Nullable adjacency, size_t n_nodes, uint8_t *_Nullable out);

/*
 * The interventional essential graph: as anc_graph_cpdag, where rows under each of n_regimes interventions are known too.
 * targets: n_regimes * n_nodes bytes, 1 where the regime's intervention cuts the node's incoming edges; the observational regime is
 * always counted in.
 */
anc_status anc_graph_cpdag_of_targets(
    const uint8_t *_Nullable adjacency, size_t n_nodes, const uint8_t *_Nullable targets, size_t n_regimes, uint8_t *_Nullable out);

/* A set of digests, 32 bytes each, that anc_tasks_fill keeps clear of. Free it with anc_reserved_free. */
anc_status anc_reserved_create(const uint8_t *_Nullable digests, size_t count, int32_t level, anc_reserved *_Nullable *_Nullable out);
anc_status anc_reserved_free(anc_reserved *_Nullable reserved);

/*
 * How probable it is that a training task of the family has a reserved graph: {"hits", "draws", "missing", "verdict", "sentence"}.
 *
 * drawn    NULL for the engine to draw graphs of the stream of base_seed, as many as an estimate takes; or two numbers, how many of how
 *          many graphs were reserved that the caller has drawn of this stream, in a family whose graphs the engine doesn't draw
 * design   what is done to the tasks, or NULL; graphs that have no room for it are no training tasks, and are not counted
 * missing  how many more the caller should draw; 0 where these are enough
 * verdict  "fine"; "worrying", where training graphs are no longer those of the family; "covered", where hardly any is left
 * sentence what is wrong and what to do, or null where all is fine
 *
 * It computes anew with every call: give room for the text at once (1 KiB is ample).
 */
anc_status anc_reserved_mass(
    const anc_family *_Nullable family, const anc_design *_Nullable design, const anc_reserved *_Nullable reserved,
    uint64_t base_seed, const uint64_t *_Nullable drawn,
    char *_Nullable out, size_t capacity, size_t *_Nullable needed);

#ifdef __cplusplus
}
#endif
#endif
