"""One person, two chats: a code shown in one and typed in the other makes one patient of both.

`codes` reads and makes codes (pure), `rows` keeps them and counts wrong ones, `merge` makes one patient of two and two of one,
`answers` is what the patient is told. What linking gives: erasing in one chat erases both, "my data" and an export show both, a
nurse sees both, an alarm counts in both. It shows nobody the words of the other chat.
"""
