"""The second reader: a linear model that reads the sentence beside the rules. It may raise a level, never lower one."""
