"""Parse: the bytes of a mail become a `ParsedMail`. The only room that knows mail-parser, selectolax and filetype.

`message.parse` is pure, bounded and never raises for a defect: defects are values. `jail.Jail` runs it in processes
with limits; `TooComplex` is final, `ParseCrash` may be tried again. Everything in the result is cleaned, and
still hostile.
"""
