// The rating page: saves each answer as it is made, and keeps what could not be saved.
const WAITS = [2, 4, 8, 15] // seconds between tries

const form = document.querySelector('[data-rating-page]')
if (form) start(form)

function start(form) {
  const rows = [...form.querySelectorAll('[data-statement]')]
  const states = document.querySelectorAll('[data-save-state]')
  const waiting = new Set() // rows to be sent, oldest first
  const refused = new Set() // rows the server did not take as they stand
  let sending = false
  let tries = 0
  let timer = 0
  let slow = 0 // says "Saving …" only where it takes a while, so that a reader hears one sentence an answer
  let leaving = '' // where to go once everything is saved
  const onward = form.querySelector('[data-go-on]')

  document.querySelectorAll('[data-with-script]').forEach(one => { one.hidden = false })
  document.querySelectorAll('[data-without-script]').forEach(one => { one.hidden = true })

  const radios = row => [...row.querySelectorAll('input[type=radio]:not([data-keep])')]
  const keep = row => row.querySelector('[data-copied]:not([hidden]) [data-keep]')
  const note = row => row.querySelector('textarea')
  const reference = row => row.querySelector(`[name=reference-${row.dataset.statement}]`)
  const revision = row => row.querySelector(`[name=revision-${row.dataset.statement}]`)
  const point = row => radios(row).find(radio => radio.checked)?.value ?? ''
  const answer = row => ({ point: point(row), note: note(row).value.trim(), reference: reference(row).value.trim() })
  const tick = (row, value) => radios(row).forEach(radio => { radio.checked = radio.value === String(value) })
  const same = (one, other) => Object.keys(one).every(key => one[key] === other[key])

  for (const row of rows) {
    let pause = 0
    row.addEventListener('change', event => {
      if (event.target.matches('[data-keep]')) tick(row, event.target.value)
      changed(row)
    })
    for (const written of [note(row), reference(row)]) {
      written.addEventListener('input', () => {
        clearTimeout(pause)
        mark(row, false)
        waiting.add(row)
        pause = setTimeout(() => changed(row), 800)
      })
    }
  }

  const waitsForReason = row => point(row) === '0' && !note(row).value.trim()

  function changed(row) {
    say(row, '')
    refused.delete(row)
    mark(row, false)
    if (waitsForReason(row)) {
      waiting.delete(row)
      refused.add(row)
      openNote(row)
      say(row, 'Write why it is not part of the role, then it is saved.', 'note')
      show('Not saved yet: one reason is missing.', true)
      return
    }
    waiting.add(row)
    send()
  }

  async function send() {
    if (leaving && !waiting.size) return location.assign(leaving)
    if (sending || !waiting.size) return
    clearTimeout(timer)
    sending = true
    const [row] = waiting
    const sent = answer(row)
    slow = setTimeout(show, 400, 'Saving …')
    try {
      const body = new URLSearchParams({ statement: row.dataset.statement, ...sent, revision: revision(row).value })
      const response = await fetch(form.dataset.saveUrl, {
        method: 'POST',
        body,
        headers: { 'X-CSRFToken': form.querySelector('[name=csrfmiddlewaretoken]').value, 'X-Requested-With': 'fetch' },
        redirect: 'error'
      })
      clearTimeout(slow)
      await take(row, sent, response)
      tries = 0
      sending = false
      send()
    } catch (error) {
      sending = false
      again(error.message === 'sign-in' ? signInAgain : dropped)
    }
  }

  async function take(row, sent, response) {
    if (response.status === 401 || response.status === 403) {
      await renew()
      throw new Error('sign-in')
    }
    if (response.status >= 500 || response.status === 429) throw new Error('server')
    const told = await response.json()
    if (response.ok) {
      revision(row).value = told.revision
      if (same(answer(row), sent)) {
        waiting.delete(row)
        // Chosen in another window: without a choice here that one stands.
        if (told.point !== null) tick(row, told.point)
        mark(row, told.point !== null)
      }
      if (told.point !== null) row.querySelectorAll('[data-copied]').forEach(copied => { copied.hidden = true })
      progress(told.progress)
      if (!waiting.size && !refused.size) show(`${count(told.progress)} saved, ${told.saved_at}`)
      return
    }
    waiting.delete(row)
    refused.add(row)
    leaving = ''
    if (told.theirs) conflict(row, told)
    else say(row, told.message, told.field)
    if (told.go_on) row.querySelector('[data-row-state]').append(
      Object.assign(document.createElement('a'), { href: told.go_on, textContent: 'Go on there' })
    )
    show('Not saved: one answer needs you.', true)
  }

  // Signing in again gives a new token: the page itself, read once more, tells it.
  async function renew() {
    const page = await fetch(location.href, { redirect: 'manual' })
    if (!page.ok) return
    const fresh = new DOMParser().parseFromString(await page.text(), 'text/html')
    const token = fresh.querySelector('[data-rating-page] [name=csrfmiddlewaretoken]')
    if (token) form.querySelector('[name=csrfmiddlewaretoken]').value = token.value
  }

  const clock = () => new Date().toTimeString().slice(0, 5)
  const dropped = () =>
    `Not saved: the connection dropped at ${clock()}. Your answers are kept on this page and we try again every few seconds.`
  const signInAgain = () =>
    'Not saved: your sign-in has ended. Sign in again in another tab; your answers are kept on this page and are saved then.'

  function again(words) {
    clearTimeout(slow)
    leaving = ''
    show(words(), true)
    timer = setTimeout(send, 1000 * WAITS[Math.min(tries++, WAITS.length - 1)])
  }

  function conflict(row, told) {
    const written = [told.theirs.note, told.theirs.reference].filter(Boolean).join(', ')
    const theirs = told.theirs.label + (written ? ` (${written})` : '')
    say(row, `${told.message} It says ${theirs} there.`)
    row.querySelector('[data-row-state]').append(button('Keep mine', () => {
      revision(row).value = told.revision
      changed(row)
    }), button('Take the other', () => {
      revision(row).value = told.revision
      tick(row, told.theirs.point)
      note(row).value = told.theirs.note
      reference(row).value = told.theirs.reference
      changed(row)
    }))
  }

  function button(word, act) {
    const made = Object.assign(document.createElement('button'), { type: 'button', className: 'bt', textContent: word })
    made.addEventListener('click', act)
    return made
  }

  function say(row, words, field) {
    const box = row.querySelector('[data-row-state]')
    box.textContent = ''
    for (const problem of row.querySelectorAll('[data-problem]')) {
      const here = Boolean(words) && problem.dataset.problem === field
      problem.hidden = !here
      problem.textContent = here ? words : ''
      const written = problem.dataset.problem === 'note' ? note(row) : reference(row)
      if (here) written.setAttribute('aria-invalid', 'true')
      else written.removeAttribute('aria-invalid')
    }
    if (field) row.querySelector('details').open = row.querySelector('[data-written]').hidden = true
    if (!words || field) return
    box.append(Object.assign(document.createElement('p'), { className: 'err', textContent: words }))
  }

  function mark(row, saved) {
    row.querySelector('[data-tick]').hidden = !saved
    const now = answer(row)
    const written = row.querySelector('[data-written]')
    written.hidden = !now.note && !now.reference
    row.querySelector('[data-note-text]').textContent = now.note
    const place = row.querySelector('[data-reference-text]')
    place.replaceChildren(now.note && now.reference ? ' ' : '', drawn(now.reference))
    row.querySelector('[data-note-word]').textContent = written.hidden ? 'Add a note' : 'Edit note'
  }

  function drawn(reference) {
    const words = document.createElement('bdi')
    words.textContent = reference
    if (!/^https?:\/\//i.test(reference)) return words
    const link = Object.assign(document.createElement('a'), { href: reference, rel: 'noopener nofollow' })
    link.append(words)
    return link
  }

  function show(words, bad = false) {
    document.querySelectorAll('[data-saved-icon]').forEach(icon => { icon.hidden = !words.includes(' saved, ') })
    for (const state of states) {
      const told = state.dataset.saveState === 'short' ? words.replace(/^.* saved, /, 'Saved, ') : words
      if (state.textContent.trim() !== told) state.textContent = told
      state.classList.toggle('bad', bad)
    }
  }

  function progress(told) {
    write('[data-progress-level]', `${told.level_rated} of ${told.level_total}`)
    write('[data-progress-all]', `${told.rated} of ${told.total}`)
    const left = told.total - told.rated
    write('[data-progress-left]', `${left} left`)
    write('[data-progress-look]', left ? `Look at ${left} statement${left === 1 ? '' : 's'}` : 'Nothing is left to look at')
    document.querySelectorAll('[data-level-done]').forEach(tick => { tick.hidden = told.level_rated < told.level_total })
    unrated()
    const bar = document.querySelector('.tabs [aria-current] .pbar')
    bar?.querySelector('.f').setAttribute('width', String((100 * told.level_rated) / told.level_total))
    bar?.setAttribute('aria-label', `${told.level_rated} of ${told.level_total}`)
  }

  const count = ({ rated, total }) => (rated < total ? `${rated} of ${total} answers` : `All ${rated} answers`)
  const write = (where, words) => document.querySelectorAll(where).forEach(one => { one.textContent = words })

  function unrated() {
    const list = document.querySelector('[data-unrated]')
    const left = rows.filter(row => !rated(row))
    document.querySelectorAll('[data-next-unrated]').forEach(link => {
      link.href = left.length ? `#${left[0].id}` : onward.href
      link.textContent = left.length ? 'Next not rated' : onward.textContent
    })
    if (!list) return
    list.textContent = left.length ? `, ${left.length} not rated yet: ` : ', all rated'
    left.slice(0, 20).forEach((row, place) => {
      const link = document.createElement('a')
      link.href = `#${row.id}`
      link.textContent = row.querySelector('.st-no').firstChild.textContent.trim()
      list.append(place ? ', ' : '', link)
    })
    if (left.length > 20) list.append(` and ${left.length - 20} more`)
  }

  // Keys: the row in hand is framed and drawn large.
  const rated = row => point(row) !== ''
  let current = form.querySelector('.is-now') // drawn so by the server, so that nothing moves

  function go(row, focus = true) {
    if (!row) return
    current?.classList.remove('is-now')
    current = row
    row.classList.add('is-now')
    if (!focus) return
    const target = radios(row).find(radio => radio.checked) ?? radios(row)[0]
    target.focus({ preventScroll: true })
    row.scrollIntoView({ block: 'center' })
  }

  function openNote(row) {
    row.querySelector('details').open = true
    note(row).focus()
  }

  const beside = step => rows[rows.indexOf(current) + step]
  // After the last row: what was left out, or the way on.
  const goOn = row => beside(1) || nextUnrated() ? go(beside(1) ?? nextUnrated()) : (go(row, false), onward.focus())
  const nextUnrated = () => [...rows, ...rows].slice(rows.indexOf(current) + 1).find(row => !rated(row))

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.matches('textarea, input:not([type=radio]), select')) {
      if (event.key !== 'Escape' && !(event.key === 'Enter' && event.target.matches('input'))) return
      event.preventDefault()
      return go(event.target.closest('[data-statement]') ?? current)
    }
    const row = event.target.closest?.('[data-statement]') ?? current
    if (row && row !== current) go(row, false)
    // A key held down answers once: what was not looked at is not answered.
    const radio = row && !event.repeat && radios(row).find(one => one.value === choice(row, event))
    if (radio) {
      radio.checked = true
      radio.dispatchEvent(new Event('change', { bubbles: true }))
      if (!waitsForReason(row)) goOn(row)
    } else if (event.key === 'ArrowDown') go(beside(1))
    else if (event.key === 'ArrowUp') go(beside(-1))
    else if (event.key === 'n' || event.key === 'N') openNote(row)
    else if (event.key === 'u' || event.key === 'U') go(nextUnrated())
    else if (!event.target.matches('input') || event.key !== 'Enter') return
    event.preventDefault()
  })

  // The number of an answer; K or Enter keeps the one of the round before.
  function choice(row, event) {
    const keeps = /^k$/i.test(event.key) || (event.key === 'Enter' && event.target.matches('input, body'))
    return keeps ? keep(row)?.value : event.key
  }

  document.querySelectorAll('[data-next-unrated]').forEach(link => {
    link.addEventListener('click', event => {
      const row = nextUnrated()
      if (!row) return
      event.preventDefault()
      go(row)
    })
  })

  // Who leaves while an answer is on its way waits a moment for it, and is not asked.
  document.addEventListener('click', event => {
    const link = event.target.closest('a[href]')
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.button || link?.hash
    if (!link || elsewhere || event.defaultPrevented || leaving || tries || refused.size || !waiting.size) return
    event.preventDefault()
    leaving = link.href
    send()
  })

  addEventListener('beforeunload', event => {
    if (waiting.size || refused.size) event.preventDefault()
  })
  form.addEventListener('submit', () => {
    waiting.clear()
    refused.clear()
  })
  addEventListener('online', () => send())
  go(rows.find(row => `#${row.id}` === location.hash) ?? rows.find(row => !rated(row)), false)
  // A key answers the framed one: what is answered already must not stand before it.
  if (current && current !== rows[0] && !location.hash) current.scrollIntoView({ block: 'center' })
}
