#!/bin/sh
# The HTML report in a browser: readable on a phone, on a screen and on paper; it loads nothing, and
# what a lab prints does nothing.  Needs a Chromium; without one the tests are skipped.
. "${0%/*}/lib.sh"

for program in chromium-headless-shell chromium chromium-browser google-chrome; do
	browser=$(command -v "$program") && break || browser=
done

if [ -z "$browser" ]; then
	skip "the HTML report is readable in a browser" "there is no Chromium; make setup installs one"
	finish
	exit
fi

# Lab 1 prints markup, lab 2 has a mistake, the others are right.
submission=$work/submission
cp -r solutions "$submission"
{
	sed 's/^set_control_registers(/solve(/' solutions/1-control-registers/control_registers.c
	cat tests/hostile/markup.c
} >"$submission/1-control-registers/control_registers.c"
patch -s "$submission/2-entry-point/entry_point.c" tests/wrong/2-entry-point/forgets-bit-1.patch
"$r33" grade --submission "$submission" --lab all --format html -o "$work/report.html" || true

# Headless, and alone with its files: whatever it looks for outside is in net.json.
browse() {	# OPTION... URL
	rm -rf "$work/profile"
	timeout 60 "$browser" --headless --no-sandbox --disable-gpu --no-first-run \
		--disable-background-networking --disable-component-update --disable-sync \
		--allow-file-access-from-files --user-data-dir="$work/profile" --window-size=1400,900 \
		--log-net-log="$work/net.json" "$@" 2>"$work/browser.log"
}

# What a reader of the page sees at this width, in $work/seen.
look() {	# PAGE WIDTH
	browse --dump-dom "file://$root/tests/e2e/browser.html#$1%20$2" |
		sed -n '/<pre>/,/<\/pre>/{s/<[^>]*>//g;p;}' >"$work/seen"
	grep -q '^width=' "$work/seen" || { tail "$work/browser.log"; return 1; }
}

sees() {	# NAME=VALUE...
	for wanted; do
		grep -qx "$wanted" "$work/seen" || { echo "not $wanted:"; cat "$work/seen"; return 1; }
	done
}

loads_nothing() {
	! grep -o 'https\{0,1\}://[^"]*' "$work/net.json"
}

title_is() {	# TITLE PAGE
	browse --dump-dom "file://$2" | grep -F "<title>$1</title>"
}

prints() {	# PAGE
	browse --no-pdf-header-footer --print-to-pdf="$work/report.pdf" "file://$1" &&
		[ "$(head -c 5 "$work/report.pdf")" = %PDF- ] &&
		[ "$(grep -ac '/Type /Page$' "$work/report.pdf")" -ge 2 ]
}

cells=$(grep -o 'class="cell ' "$work/report.html" | wc -l)
check "the page has a cell for every field" [ "$cells" -gt 70 ]
for width in 360 1280; do
	check "the page can be looked at, $width pixels wide" look "$work/report.html" "$width"
	check "at $width pixels nothing must be scrolled sideways" sees "width=$width" overflow=0
	check "at $width pixels every field can be seen" sees "cells=$cells" "inside=$cells"
	check "at $width pixels every field tells more, pointed at or tapped" \
		sees "titled=$cells" "noted=$cells"
	check "at $width pixels the page loads nothing" loads_nothing
done
lost=$(grep -o 'class="case failed"' "$work/report.html" | wc -l)
check "what lost points is open, and it looks as the style says" sees styles=true "open=$lost"
check "what a lab prints makes no elements" sees scripts=0 images=0
check "what a lab prints runs nothing" \
	title_is "submission: $(sed -n 's/.*<title>submission: \(.*\)<\/title>.*/\1/p' "$work/report.html")" \
	"$work/report.html"
check "the page can be printed" prints "$work/report.html"

# These checks notice what they are for.
sed -e 's/<meta http-equiv[^>]*>//' -e 's|<header>|<img src="http://127.0.0.1:9/seen"/><p \
	style="white-space:pre;width:1500px">wide</p><script>document.title="owned"</script>&|' \
	"$work/report.html" >"$work/broken.html"
check "a broken page can be looked at" look "$work/broken.html" 360
check "an image from elsewhere would be noticed" eval '! loads_nothing >/dev/null'
check "a wide page would be noticed" sees 'overflow=[1-9][0-9]*'
check "elements too many would be noticed" sees images=1 scripts=1
check "a script would be noticed" title_is owned "$work/broken.html"
finish
