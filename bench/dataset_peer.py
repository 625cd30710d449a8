"""The usual preparation of a labeled dataset: download images and masks, rename, split, upload. Prints one line of JSON.

python dataset_peer.py ENDPOINT WORKERS
"""
import concurrent.futures
import json
import os
import random
import resource
import sys
import tempfile
import time

import boto3
from botocore.config import Config

endpoint, workers = sys.argv[1], int(sys.argv[2])
s3 = boto3.client(
    "s3",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="local",
    aws_secret_access_key="local",
    config=Config(s3={"addressing_style": "path"}, max_pool_connections=max(10, workers)),
)
started = time.time()
keys = []
for page in s3.get_paginator("list_objects_v2").paginate(Bucket="photos", Prefix="images/"):
    keys += [item["Key"] for item in page.get("Contents", [])]
random.Random(7).shuffle(keys)
cut = int(len(keys) * 0.8)
with tempfile.TemporaryDirectory() as folder:

    def move(job):
        at, key = job
        half = "train" if at < cut else "validation"
        stem = os.path.splitext(os.path.basename(key))[0]
        image, mask = os.path.join(folder, stem + ".jpg"), os.path.join(folder, stem + ".png")
        s3.download_file("photos", key, image)
        s3.download_file("photos", "masks/" + stem + ".png", mask)
        s3.upload_file(image, "work", f"peer/{half}/{stem}.jpg")
        s3.upload_file(mask, "work", f"peer/{half}_annotation/{stem}.png")
        os.remove(image)
        os.remove(mask)

    if workers == 1:
        for job in enumerate(keys):
            move(job)
    else:
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            list(pool.map(move, enumerate(keys)))
print(
    json.dumps(
        {
            "seconds": time.time() - started,
            "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "images": len(keys),
        }
    )
)
