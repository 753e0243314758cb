"""Loads an adapter that this project wrote into `peft`, on the tiny model of make_training.py, and compares the logits of the
first row with those of the adapter that peft wrote: python check_adapter.py FOLDER
"""

import os
import sys

from peft import PeftModel
from safetensors.torch import load_file

from make_training import HERE, data, tiny

expected = load_file(os.path.join(HERE, "training.safetensors"))["adapter:logits"]
model = PeftModel.from_pretrained(tiny(), sys.argv[1]).eval()
logits = model(input_ids=data()[0][:1]).logits.detach()
difference = (logits - expected).abs().max().item()
print("largest difference of logits:", difference)
sys.exit(difference > 1e-5)
