"""What a nurse sees of a case: summary, trace, patient card, what became of replies, snippets, the shift handover."""
