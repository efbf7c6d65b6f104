"""A few requests by which a test in another process drives the stand-in.

`POST /control/inject` takes an update as JSON, `POST /control/send` takes `{"user": 1, "text": "…"}`
and `POST /control/tap` takes `{"user": 1, "data": "…"}` for the newest message with buttons.
`POST /control/fault` takes the arguments of `Faults.add`. `GET /control/state` tells what there
is to know, and `GET /control/chat?user=1` what one person sees.
"""

from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from .patient import Patient
from .server import StandIn


class Control:
    """The requests under `/control/` of one stand-in."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self._patients: dict[int, Patient] = {}

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Do one request.

        Raises:
            AssertionError: it cannot be done, as in a test; answered with status 409.
        """
        path, _, query = request.raw_path.partition("?")
        try:
            match (request.method, path.removeprefix("/control/")):
                case "GET", "state":
                    return web.json_response(self._state())
                case "GET", "chat":
                    return web.json_response(self._chat(int(parse_qs(query)["user"][0])))
                case "POST", action:
                    return web.json_response(await self._act(action, await request.json()))
        except AssertionError as error:
            return web.json_response({"error": str(error)}, status=409)
        return web.json_response({"error": "no such request"}, status=404)

    async def _act(self, action: str, wish: dict[str, Any]) -> dict[str, Any]:
        match action:
            case "inject":
                return {"update_id": self._stand_in.inject(wish)}
            case "send":
                message = await self._patient(wish["user"]).sends(wish["text"])
                return {"message_id": message.id}
            case "tap":
                patient = self._patient(wish["user"])
                message_with_buttons = patient.chat.with_buttons()
                assert message_with_buttons is not None, "nothing to tap on"
                tap = await patient.taps(data=wish["data"], message=message_with_buttons)
                return {"callback_query_id": tap.id}
            case "fault":
                self._stand_in.faults.add(**wish)
                return {}
        raise AssertionError(f"no such action: {action}")

    def _patient(self, user_id: int) -> Patient:
        if user_id not in self._patients:
            self._patients[user_id] = self._stand_in.patient(f"Patient {user_id}", id=user_id)
        return self._patients[user_id]

    def _state(self) -> dict[str, Any]:
        stand_in = self._stand_in
        return {
            "acknowledged": stand_in.acknowledged,
            "pending": stand_in.pending,
            "calls": stand_in.calls.counts,
            "breaches": stand_in.breaches,
        }

    def _chat(self, user_id: int) -> list[dict[str, Any]]:
        return [message.as_json() for message in self._patient(user_id).chat.messages]
