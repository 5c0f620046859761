"""FAQ and clinical packs as lay editors see them: tables of entries, what a change would do, what is overdue."""
