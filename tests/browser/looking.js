// What axe does not see. Each check gives sentences about what is wrong on this page, none if all is well.
window.looking = (() => {
  const seen = one => one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) &&
    one.getBoundingClientRect().width > 0
  const all = where => [...document.querySelectorAll(where)].filter(seen)
  const named = one => `<${one.localName}${one.id && `#${one.id}`}${[...one.classList].map(c => `.${c}`).join('')}> ` +
    `“${(one.textContent || one.name || '').trim().replace(/\s+/g, ' ').slice(0, 30)}”`
  const unseen = one => one.closest('.visually-hidden, .skip')

  // Colours
  const parts = colour => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+(e-?\d+)?/g).map(Number)
    return colour.startsWith('color(') ? [r * 255, g * 255, b * 255, a] : [r, g, b, a]
  }
  const over = ([r, g, b, a], ground) => [r, g, b].map((part, at) => part * a + ground[at] * (1 - a))
  const light = colour => {
    const [r, g, b] = colour.map(part => part / 255).map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ground = one => {
    if (!one) return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]
    const own = parts(getComputedStyle(one).backgroundColor)
    return own[3] === 1 ? own.slice(0, 3) : over(own, ground(one.parentElement))
  }
  const contrast = (colour, behind) => {
    const [low, high] = [light(over(parts(colour), behind)), light(behind)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  const rounded = ratio => Math.round(ratio * 100) / 100

  // A control is seen by its border, or by its own ground where colours are the page's.
  const drawn = one => one.parentElement.matches('.rate label') ? one.nextElementSibling : one
  const own = one => one.matches('[type=radio], [type=checkbox]') && getComputedStyle(one).appearance !== 'none' &&
    getComputedStyle(one).opacity !== '0'
  const edge = one => {
    const style = getComputedStyle(one)
    const behind = ground(one.parentElement)
    const sides = ['Top', 'Bottom'].map(side =>
      style[`border${side}Style`] === 'none' || style[`border${side}Width`] === '0px'
        ? 1 : contrast(style[`border${side}Color`], behind))
    return Math.min(...sides)
  }
  const controls = forced => all('input:not([type=hidden]), select, textarea, .bt:not(.bt-text)')
    .filter(one => !own(one) && !one.disabled)
    .map(drawn)
    .map(one => {
      const filled = forced ? 1 : contrast(getComputedStyle(one).backgroundColor, ground(one.parentElement))
      return [one, Math.max(edge(one), filled)]
    })
    .filter(([, ratio]) => ratio < 3)
    .map(([one, ratio]) => `border of ${named(one)} has ${rounded(ratio)}:1`)

  // Something shown by its ground alone is lost where the reader's colours are forced.
  const blots = () => all('main *').filter(one => !one.closest('svg') && !one.textContent.trim() && !one.matches('input, select, textarea') &&
    !one.querySelector('svg, img, input, select, textarea') && parts(getComputedStyle(one).backgroundColor)[3] > 0)
  const lost = blots => blots.filter(one => getComputedStyle(one).forcedColorAdjust !== 'none' && edge(one) < 3)
    .map(one => `${named(one)} is shown by its ground alone`)
  const currents = () => all('a[aria-current]').filter(one => {
    const other = [...one.parentElement.children].find(sibling => sibling.localName === one.localName && !sibling.hasAttribute('aria-current'))
    const marks = node => ['fontWeight', 'textDecorationLine', 'borderTopColor', 'borderBottomColor', 'outlineStyle', 'borderBottomWidth']
      .map(property => getComputedStyle(node)[property]).join()
    return other && marks(one) === marks(other)
  }).map(one => `${named(one)} is marked as current by colour alone`)

  // Focus
  const focusable = () => all('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')
    .filter(one => !one.disabled)
  const sample = (list, most) => list.filter((_, at) => at % Math.ceil(list.length / most) === 0)
  const covered = one => {
    const { left, top, width, height } = drawn(one).getBoundingClientRect()
    const hits = [0.1, 0.5, 0.9].flatMap(x => [0.1, 0.5, 0.9].map(y => document.elementFromPoint(left + width * x, top + height * y)))
    return !hits.some(hit => hit && (one.contains(hit) || hit.closest('label')?.contains(one)))
  }
  const rings = () => sample(focusable(), 15).flatMap(one => {
    one.focus({ focusVisible: true })
    const ringed = drawn(one)
    const style = getComputedStyle(ringed)
    const faults = []
    if (document.activeElement !== one) faults.push(`${named(one)} takes no focus`)
    else if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) faults.push(`${named(one)} has no focus ring`)
    else {
      const ratio = contrast(style.outlineColor, ground(ringed.parentElement))
      if (ratio < 3) faults.push(`focus ring of ${named(one)} has ${rounded(ratio)}:1`)
      if (covered(one)) faults.push(`${named(one)} is covered when it has the focus`)
    }
    one.blur()
    return faults
  })

  // Text whose contrast axe leaves open
  const texts = selectors => selectors.map(where => document.querySelector(where)).filter(one => one && seen(one)).flatMap(one => {
    const style = getComputedStyle(one)
    const size = parseFloat(style.fontSize)
    const wanted = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5
    const ratio = contrast(one.closest('svg') ? style.fill : style.color, ground(one))
    return ratio < wanted ? [`text of ${named(one)} has ${rounded(ratio)}:1`] : []
  })

  // Width
  const sideways = () => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    const wide = all('body *').filter(one => !unseen(one) && one.getBoundingClientRect().right > width + 1)
    return [`${document.documentElement.scrollWidth} px of content in ${width}: ${wide.slice(-2).map(named).join(', ')}`]
  }
  const cut = () => all('body *').filter(one => {
    if (unseen(one) || one.closest('svg') || one.matches('input, select, textarea') || !one.textContent.trim()) return false
    const style = getComputedStyle(one)
    const hides = way => way === 'hidden' || way === 'clip'
    return (hides(style.overflowX) && one.scrollWidth > one.clientWidth + 1) ||
      (hides(style.overflowY) && one.scrollHeight > one.clientHeight + 1) ||
      (one.matches('.bt, .chip, .o') && one.scrollWidth > one.clientWidth + 2)
  }).map(one => `${named(one)} is cut`)

  // Order and names
  const headings = () => {
    const ranks = all('h1, h2, h3, h4, h5, h6').map(one => Number(one.localName[1]))
    const jump = ranks.findIndex((rank, at) => at && rank > ranks[at - 1] + 1)
    return [
      ...(ranks.filter(rank => rank === 1).length === 1 ? [] : [`${ranks.filter(rank => rank === 1).length} headings of level 1`]),
      ...(ranks.length && ranks[0] !== 1 ? [`the first heading is of level ${ranks[0]}`] : []),
      ...(jump > 0 ? [`a heading of level ${ranks[jump]} follows one of level ${ranks[jump - 1]}`] : []),
    ]
  }
  const frame = () => [
    ...(document.documentElement.lang ? [] : ['no language']),
    ...(document.querySelectorAll('main').length === 1 ? [] : ['not exactly one main landmark']),
    ...(document.title.replace('· Brokerage Skills', '').trim() ? [] : ['the title is the name of the product alone']),
  ]
  const oneself = () => all('input').flatMap(one => {
    const expected = one.type === 'password' ? ['current-password', 'new-password'] : one.name === 'username' && one.form?.querySelector('[type=password]') ? ['username'] : null
    return expected && !expected.includes(one.autocomplete) ? [`${one.name} has autocomplete “${one.autocomplete}”`] : []
  })
  const live = () => [...document.querySelectorAll('[aria-live], [role=status], [role=alert]')]
    .filter(one => one.parentElement.closest('[aria-live], [role=status], [role=alert]'))
    .map(one => `${named(one)} speaks inside of what speaks`)

  return {
    controls, blots, lost, currents, rings, texts, sideways, cut,
    order: () => [...headings(), ...frame(), ...oneself(), ...live()],
  }
})()
