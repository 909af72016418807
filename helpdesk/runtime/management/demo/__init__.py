"""The demo: two invented businesses whose ethics differ, loaded by feeding real mails through the real intake."""
