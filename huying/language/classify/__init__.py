"""分类: what a text is about, in two stages that blend by evidence.

`retrieval` works from the first minute with the taxonomy's own words; `linear` is trained from confirmed orders; `blending`
joins them. `store` keeps dated versions of trained models, `evaluating` judges one on labelled texts. No Django here.
"""
