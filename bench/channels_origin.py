"""Many live channels for little: playlists that move on by the wall clock, and one segment for all of them.

GET /c<n>/master.m3u8, /c<n>/v0.m3u8, /c<n>/v1.m3u8 and whatever those list; /counts is what was answered, as JSON.
"""

import argparse
import asyncio
import hashlib
import json
import pathlib
import time

TARGET = 4  # seconds of each segment
WINDOW = 10  # segments
RENDITIONS = ("v0", "v1")
BREAK_EVERY, BREAK_LENGTH = 75, 8  # in segments: 32 s every 5 minutes
PLAYLIST = b"Content-Type: application/vnd.apple.mpegurl\r\n"

MASTER = """#EXTM3U
#EXT-X-VERSION:4
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=3200000,AVERAGE-BANDWIDTH=2800000,CODECS="avc1.4d401f,mp4a.40.2",RESOLUTION=1280x720
v0.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=900000,AVERAGE-BANDWIDTH=800000,CODECS="avc1.4d401e,mp4a.40.2",RESOLUTION=640x360
v1.m3u8
"""


def shift_of(channel):
    """Channels do not move on all at once: by how much this one's segments end later, in seconds."""
    return TARGET * (channel * 0.618 % 1)


def cues(channel, number):
    """The cue tags before a segment; each channel has its breaks at other times."""
    into = (number + channel * 7) % BREAK_EVERY
    if into == 0:
        return f"#EXT-X-CUE-OUT:{BREAK_LENGTH * TARGET}\n"
    if into < BREAK_LENGTH:
        return f"#EXT-X-CUE-OUT-CONT:ElapsedTime={into * TARGET},Duration={BREAK_LENGTH * TARGET}\n"
    return "#EXT-X-CUE-IN\n" if into == BREAK_LENGTH else ""


def segment_lines(channel, rendition, number):
    at = number * TARGET + shift_of(channel)
    date = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}Z"
    token = hashlib.sha256(f"{channel} {rendition}".encode()).hexdigest()
    return (
        f"{cues(channel, number)}#EXT-X-PROGRAM-DATE-TIME:{date}\n#EXTINF:{TARGET}.000,\n"
        f"{rendition}/{date[:10]}/segment-{number}.ts?expires={number // 900 * 3600 + 7200}&token={token}\n"
    )


class Rendition:
    """One media playlist; written anew when its channel has a new segment."""

    def __init__(self, channel, name):
        self.channel, self.name = channel, name
        self.newest = None
        self.lines = []
        self.body = self.etag = b""

    def refresh(self):
        newest = int((time.time() - shift_of(self.channel)) // TARGET) - 1
        if newest == self.newest:
            return
        first = newest - WINDOW + 1
        known = self.lines[newest - self.newest :] if self.newest is not None else []
        new = range(newest - (WINDOW - len(known)) + 1, newest + 1)
        self.lines = known + [segment_lines(self.channel, self.name, n) for n in new]
        self.newest = newest
        head = f"#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:{TARGET}\n#EXT-X-MEDIA-SEQUENCE:{first}\n"
        self.body = (head + "#EXT-X-INDEPENDENT-SEGMENTS\n" + "".join(self.lines)).encode()
        self.etag = f'"{newest}"'.encode()


class Origin:
    def __init__(self, channels, media, with_etag):
        self.playlists = {
            f"/c{c}/{name}.m3u8".encode(): Rendition(c, name)
            for c in range(channels)
            for name in RENDITIONS
        }
        self.media, self.with_etag = media, with_etag
        self.counts = {"whole": 0, "unchanged": 0, "media": 0, "other": 0}

    def answer(self, request):
        path = request[4 : request.index(b" ", 4)]
        playlist = self.playlists.get(path)
        if playlist is not None:
            return self.answer_playlist(playlist, request)
        if path.endswith(b"/master.m3u8"):
            self.counts["other"] += 1
            return ok(PLAYLIST, MASTER.encode())
        if b".ts?" in path:
            self.counts["media"] += 1
            return ok(b"Content-Type: video/mp2t\r\n", self.media)
        if path == b"/counts":
            return ok(b"Content-Type: application/json\r\n", json.dumps(self.counts).encode())
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def answer_playlist(self, playlist, request):
        playlist.refresh()
        if not self.with_etag:
            self.counts["whole"] += 1
            return ok(PLAYLIST, playlist.body)
        tag = b"ETag: " + playlist.etag + b"\r\n"
        if b"If-None-Match: " + playlist.etag in request:
            self.counts["unchanged"] += 1
            return b"HTTP/1.1 304 Not Modified\r\n" + tag + b"\r\n"
        self.counts["whole"] += 1
        return ok(PLAYLIST + tag, playlist.body)


def ok(headers, body):
    return b"HTTP/1.1 200 OK\r\n" + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


class Connection(asyncio.Protocol):
    def __init__(self, origin):
        self.origin, self.received = origin, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.received += data
        while (end := self.received.find(b"\r\n\r\n")) >= 0:
            self.transport.write(self.origin.answer(self.received[:end]))
            self.received = self.received[end + 4 :]


async def serve(origin):
    server = await asyncio.get_running_loop().create_server(
        lambda: Connection(origin), "127.0.0.1", 0, backlog=1024
    )
    print(f"listening on http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--channels", type=int, default=1000)
    parser.add_argument("--segment", required=True, help="a transport stream, for all of them")
    parser.add_argument("--no-etag", action="store_true", help="every answer is whole")
    a = parser.parse_args()
    asyncio.run(serve(Origin(a.channels, pathlib.Path(a.segment).read_bytes(), not a.no_etag)))


if __name__ == "__main__":
    main()
