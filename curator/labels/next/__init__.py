"""What to label next, from a user's predictions or embeddings of the project's samples.

A share is always drawn at random, so that what a model is sure and wrong about is found too, and the worklist says
which. It must never hold a prediction or a name that is not the project's.
"""
