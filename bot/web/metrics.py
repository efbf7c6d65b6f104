"""What is counted and timed, for Prometheus. Codes and numbers only, nothing of any patient."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

FAST = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the buckets, in seconds."""


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.updates = Counter(
            "plumbline_updates",
            "Updates by what became of them.",
            ("outcome",),
            registry=self.registry,
        )
        self.transitions = Counter(
            "plumbline_transitions",
            "Steps of conversations by the state they led to.",
            ("state",),
            registry=self.registry,
        )
        self.urgencies = Counter(
            "plumbline_urgencies",
            "Results and emergencies shown, by urgency.",
            ("urgency",),
            registry=self.registry,
        )
        self.sends = Counter(
            "plumbline_sends",
            "Screens sent, in place of the last one or below it.",
            ("place",),
            registry=self.registry,
        )
        self.send_failures = Counter(
            "plumbline_send_failures",
            "Sends that failed, by the type of the error.",
            ("error",),
            registry=self.registry,
        )
        self.retries = Counter(
            "plumbline_send_retries", "Sends put off to be tried again.", registry=self.registry
        )
        self.deliveries = Counter(
            "plumbline_deliveries",
            "Attempts to bring an intake to a clinic, by channel and what came of them.",
            ("channel", "outcome"),
            registry=self.registry,
        )
        self.waiting = Gauge(
            "plumbline_chats_waiting",
            "Chats with updates or screens still to be worked on.",
            ("queue",),
            registry=self.registry,
        )
        self.settle_seconds = Histogram(
            "plumbline_settle_seconds",
            "From an update's arrival until it is committed.",
            buckets=FAST,
            registry=self.registry,
        )
