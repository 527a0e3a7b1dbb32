"""What finds faults is shown faults: each kind is found, and none where there is none."""

import pytest

from tests.browser.looking import faults

WELL = """<!doctype html><html lang="en"><title>Well · Brokerage Skills</title>
<style>
  @supports (color: light-dark(#fff, #000)) { :root { color-scheme: light dark } }
  :focus-visible { outline: 3px solid light-dark(#1f4fd8, #9dbcff); outline-offset: 2px }
  body { color: light-dark(#131f20, #e8eeee); background: light-dark(#fff, #0f1516) }
  a { color: light-dark(#0b5a68, #6cc3d0) }
  .in { border: 1px solid light-dark(#748283, #76868a); min-height: 2.5rem; max-width: 100% }
</style>
<main><h1>Well</h1><h2>And in order</h2>
<label>A name <input class="in" name="name"></label> <a href="/help/">Help with it</a></main>"""
PLANTED = {
    "<h1>Twice</h1>": "2 headings of level 1",
    "<h4>Deep</h4>": "a heading of level 4 follows one of level 2",
    "<p style='color: #999; background: #fff'>Faint</p>": "color-contrast",
    "<p style='color: #999; background: linear-gradient(#fff, #fff) #fff'>Faint</p>": "text of <p>",
    "<img src='data:,'>": "image-alt",
    "<input class='in' aria-label='A' style='border-color: #ccc; background: #fff'>": "border of",
    "<input class='in' aria-label='B' style='border: 0; background: #333'>": "colours: border",
    "<button class='in' style='outline: 0 !important'>No ring</button>": "has no focus ring",
    "<button class='in' style='outline-color: #8888'>Faint ring</button>": "focus ring of",
    "<i style='display: block; width: 9px; height: 9px; background: red'></i>": "its ground alone",
    "<nav><a href='/a/' aria-current='page'>A</a> <a href='/b/'>B</a></nav>": "by colour alone",
    "<p style='width: 400px'>Wide</p>": "320 px: 408 px of content",
    "<p style='width: 100px; height: 30px; overflow: hidden'>Two words, or five</p>": "is cut",
    "<div style='display: flex'><button style='width: 12px; height: 12px; padding: 0'>x</button>"
    "<button style='width: 12px; height: 12px; padding: 0'>y</button></div>": "target-size",
    "<input class='in' type='password' aria-label='C'>": "autocomplete",
    "<p role='status'>One <b role='alert'>two</b></p>": "speaks inside",
    "<button class='in' id='under'>Under</button><style>main::after { content: ''; "
    "position: fixed; inset: 0; background: #8881 }</style>": "is covered",
}


def test_a_page_that_is_well_has_no_faults(page):
    page.set_content(WELL)

    assert faults(page) == []


@pytest.mark.parametrize("half", range(2))
def test_every_planted_fault_is_found(page, half):
    for plant, sentence in list(PLANTED.items())[half::2]:
        page.set_content(WELL.replace("</main>", f"{plant}</main>"))
        found = faults(page)
        assert [one for one in found if sentence in one], (plant, found)
