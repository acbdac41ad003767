"""A corpus for test_corpus_writers.py to break off: corpus_script.py FOLDER"""

import sys

import ancestral as anc

print("started", flush=True)
anc.write_corpus(anc.SCMFamily(8), 1200, sys.argv[1], n_samples=100, tasks_per_shard=20, threads=1)
