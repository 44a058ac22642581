#!/usr/bin/env python3
"""Draw what a terminal shows as an SVG: picture.py < TEXT > PICTURE.svg

    build/trefoil profile ... | tools/picture.py --lines 46 > docs/profile.svg
"""
import argparse
import sys
from xml.sax.saxutils import escape

CHARACTER_WIDTH, LINE_HEIGHT, MARGIN = 8.4, 16.4, 20

parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
parser.add_argument("--lines", type=int, default=1000, help="draw no more than so many")
lines = [line.rstrip("\n") for line in sys.stdin][:parser.parse_args().lines]
width = MARGIN * 2 + CHARACTER_WIDTH * max(map(len, lines))
height = round(MARGIN * 2 + LINE_HEIGHT * len(lines))

print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height}" '
      f'width="{width:.0f}" height="{height}" role="img">')
print(f"<title>{escape(lines[0].strip())}</title>")
print('<rect width="100%" height="100%" rx="8" fill="#101820"/>')
print('<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" '
      'fill="#e8edf2" xml:space="preserve">')
for number, line in enumerate(lines):
    if line.strip():
        indent = len(line) - len(line.lstrip())
        text = line.strip()
        x = MARGIN + indent * CHARACTER_WIDTH
        y = MARGIN + (number + 0.8) * LINE_HEIGHT
        weight = ' font-weight="bold"' if indent == 0 else ""
        # Every line is given its length, so that columns meet in any font.
        print(f'<text x="{x:.1f}" y="{y:.1f}" textLength="{len(text) * CHARACTER_WIDTH:.1f}"'
              f'{weight}>{escape(text)}</text>')
print("</g>\n</svg>")
