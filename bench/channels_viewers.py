"""Viewers who play every rendition of every channel: one a channel, asking for each once per target duration."""

import asyncio
import json
import threading
import time
import urllib.parse


class Client:
    """One kept connection, one request at a time."""

    def __init__(self, host, port):
        self.host, self.port = host, port

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)

    async def ask(self, method, path):
        self.writer.write(f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n\r\n".encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = head.lower().split(b"content-length: ", 1)[1]
        body = await self.reader.readexactly(int(length[: length.index(b"\r\n")]))
        return int(head.split(b" ", 2)[1]), body


class Playing:
    """What a viewer has been told of one rendition."""

    def __init__(self, path):
        self.path = path
        self.bytes = self.number = self.ads = 0
        self.moved_at = time.monotonic()

    def take(self, body):
        at = body.index(b"#EXT-X-MEDIA-SEQUENCE:") + 22
        number = int(body[at : body.index(b"\n", at)])
        if number != self.number:
            self.number, self.moved_at = number, time.monotonic()
        self.bytes, self.ads = len(body), body.count(b"\nad/") + body.count(b"/ad/")


class Viewers:
    """Run in a thread of their own from start() to stop(); counters may be read at any time."""

    def __init__(self, url, channels, every, connections):
        where = urllib.parse.urlsplit(url)
        self.host, self.port, self.channels = where.hostname, where.port, channels
        self.every, self.connections = every, connections
        self.playing, self.requests, self.failed, self.trouble = [], 0, 0, None
        self.last_failure, self.leaving = "", False
        self.thread = threading.Thread(target=self.run, daemon=True)

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.leaving = True
        self.thread.join()

    def run(self):
        try:
            asyncio.run(self.watch())
        except Exception as e:  # told by whoever looks at the counters
            self.trouble = e

    async def watch(self):
        share = [self.channels[i :: self.connections] for i in range(self.connections)]
        await asyncio.gather(*(self.watch_some(paths) for paths in share if paths))

    async def watch_some(self, channels):
        client = Client(self.host, self.port)
        await client.open()
        mine = []
        for path in channels:
            mine += [Playing(p) for p in await self.begin(client, path)]
        self.playing += mine
        # Evenly over the time, so that no channel waits for another.
        pause, due = self.every / len(mine), time.monotonic()
        while not self.leaving:
            for playing in mine:
                due = max(due + pause, time.monotonic() - 1)
                await asyncio.sleep(max(0, due - time.monotonic()))
                await self.reload(client, playing)
                if self.leaving:
                    return

    async def begin(self, client, path):
        """The paths of a session's media playlists."""
        status, body = await client.ask("POST", f"{path}/session")
        if status not in (200, 201):
            raise RuntimeError(f"{path}: no session: {status} {body!r}")
        manifest = urllib.parse.urlsplit(json.loads(body)["manifestUrl"])
        status, body = await client.ask("GET", f"{manifest.path}?{manifest.query}")
        if status != 200:
            raise RuntimeError(f"{path}: no multivariant playlist: {status} {body!r}")
        lines = body.decode().splitlines()
        return [f"{path}/{x}" for x in lines if x and not x.startswith("#")]

    async def reload(self, client, playing):
        status, body = await client.ask("GET", playing.path)
        self.requests += 1
        if status == 200:
            playing.take(body)
        else:
            self.failed += 1
            self.last_failure = f"{playing.path}: {status} {body.decode(errors='replace')}"
