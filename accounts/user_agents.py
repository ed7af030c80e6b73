"""What kind of machine a browser says it runs on: enough to know one's own again, no more."""

from accounts.models.session import System

# The first that is found counts: WeChat on a phone names the phone's system too.
SIGNS = (
    ("HarmonyOS", System.HARMONY),
    ("OpenHarmony", System.HARMONY),
    ("Android", System.ANDROID),
    ("iPhone", System.IOS),
    ("iPad", System.IOS),
    ("Windows", System.WINDOWS),
    ("Macintosh", System.MAC),
    ("Linux", System.LINUX),
)


def system_of(user_agent: str) -> System:
    """By the header `User-Agent`, which may say anything."""
    return next((system for sign, system in SIGNS if sign in user_agent), System.OTHER)
