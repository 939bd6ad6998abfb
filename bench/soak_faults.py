"""What goes wrong during a soak, when, and which failures that excuses."""

import json

# Seconds a fault has. Every channel has a break in each slot, which has left its window before the next: faults that
# move breaks must not move those that were shown already.
SLOT = 80
BEFORE_BREAK = 15  # seconds from a slot's begin to its break
GOOD_FOR = 3  # target durations for which the last good playlist is served

# name: what the control URL is sent, and for how many seconds that keeps playlists from being read (0: it does not).
# Whatever is still wrong at the end of the slot is cleared then.
FAULTS = {
    "IN early": ({"in_shift": -7}, 0),
    "errors": ({"errors": 25, "error_status": 500}, 25),
    "IN late": ({"in_shift": 8}, 0),
    "html": ({"garbage": "html", "garbage_for": 25}, 25),
    "IN missing": ({"in_missing": True}, 0),
    "discontinuity": ({"discontinuity_now": True}, 0),
    "OUT repeated": ({"out_repeated": True}, 0),
    "frozen": ({"frozen": True}, SLOT),
    "cue off boundary": ({"cue_offset": 1.3}, 0),
    "numbers begin anew": ({"reset_now": True}, 0),
    "dates on the first": ({"dates": "first"}, 0),
    "stalls": ({"stalls": 25, "stall": 5}, 30),
    "no dates": ({"dates": "none"}, 0),
    "clock jumps ahead": ({"clock_jump": 21}, 0),
    "many discontinuities": ({"discontinuity_every": 3}, 0),
    "truncated": ({"garbage": "truncated", "garbage_for": 25}, 25),
    "clock jumps back": ({"clock_jump": -21}, 0),
    "lagging": ({"lagging": "v1", "lag": 3}, SLOT),
    "encoder restarts": ({"discontinuity_now": True, "reset_now": True, "clock_jump": 30}, 0),
    "vanished": ({"vanished": "v1"}, SLOT),
    "huge": ({"garbage": "huge", "garbage_for": 25}, 25),
    "some errors": ({"error_probability": 0.3}, SLOT),
    "binary": ({"garbage": "binary", "garbage_for": 25}, 25),
}


class Window:
    """A fault of a channel, in seconds after the start of the origin."""

    def __init__(self, channel, name, begin, blind):
        self.channel, self.name, self.begin, self.blind = channel, name, begin, blind
        self.end = begin + SLOT
        self.blind_since = begin  # a fault before may have gone over into this one

    def excuses_failure(self, at, target):
        """Whether a 5xx at that time may be: nothing good has been read for three target durations."""
        if self.blind == 0:
            return False
        # The last good playlist was read up to half a target duration before, and the next one may come as late as the
        # node asks again: after a target duration at most.
        return self.blind_since + (GOOD_FOR - 0.5) * target - 1 <= at <= self.begin + self.blind + 1.5 * target + 2

    def leaves_nothing(self, at, kill, target):
        """Whether a node that was killed then has nothing to serve at that time, since its origin cannot be read."""
        return self.blind > 0 and self.begin - target <= kill <= at <= self.begin + self.blind + 1.5 * target + 2

    def covers(self, at, target):
        return self.begin - 1 <= at <= self.end + 5 * target


def schedule(channels, seconds, first):
    """The script, and its windows; the first slot begins at `first`."""
    script, windows = [], []
    names = list(FAULTS)
    # Each channel begins elsewhere in the list, so that a short soak sees all faults too.
    apart = -(-len(names) // len(channels))
    for i, channel in enumerate(channels):
        slot = 0
        while first + (slot + 1) * SLOT <= seconds:
            name = names[(slot + i * apart) % len(names)]
            faults, blind = FAULTS[name]
            at = first + slot * SLOT
            script.append({"at": at, "channel": channel, "faults": {"clear": True, **faults}})
            window = Window(channel, name, at, blind)
            before = windows[-1] if slot > 0 else None
            if blind > 0 and before and before.begin + before.blind >= at:
                window.blind_since = before.blind_since
            windows.append(window)
            slot += 1
        script.append({"at": first + slot * SLOT, "channel": channel, "faults": {"clear": True}})
    return "".join(json.dumps(entry) + "\n" for entry in script), windows
