"""Pictures that a message shows: what stands where (`drawing`), drawn as SVG, PNG or on a page of a PDF. Nothing is fetched.

A drawing is plain data, so it can be stored with a message and is drawn where it is needed: by a channel, or by the desk.
"""
