"""A driver for test_ray.py to break off: ray_driver.py ADDRESS FOLDER SETTINGS, the last in JSON."""

import json
import sys

import ray

import ancestral as anc
from ancestral.integrations.ray import generate

if __name__ == "__main__":
    ray.init(address=sys.argv[1], log_to_driver=False)
    settings = json.loads(sys.argv[3])
    generate(anc.SCMFamily.from_config(settings.pop("family")), out_dir=sys.argv[2], **settings)
