"""What an operator can watch. No ids and no words in any label."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """The gateway's counters, in a registry of their own so that tests do not share them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.received = Counter("daozhen_messages_received", "Messages stored", ["channel"], registry=self.registry)
        self.ignored = Counter(
            "daozhen_updates_ignored",
            "What a platform sent that is no message of a patient",
            ["channel", "kind"],
            registry=self.registry,
        )
        self.handled = Counter("daozhen_messages_handled", "Messages handled, by whom", ["by"], registry=self.registry)
        self.alarms = Counter("daozhen_safety_answers", "Emergency and crisis answers", registry=self.registry)
        self.safety_seconds = Histogram(
            "daozhen_safety_seconds", "From receiving a message to its emergency answer being stored", registry=self.registry
        )
        self.assistant_seconds = Histogram("daozhen_assistant_seconds", "One turn at the assistant", registry=self.registry)
        self.degraded = Gauge("daozhen_degraded", "1 while the assistant is down", registry=self.registry)
        self.waiting = Gauge("daozhen_inbox_waiting", "Messages stored and not handled yet", registry=self.registry)
        self.outbox = Gauge("daozhen_outbox_waiting", "Messages to patients not delivered yet", registry=self.registry)
