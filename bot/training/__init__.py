"""What people of the studio change: operations on files that leave the rest of them as it was, their review, their checks."""
