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

  document.querySelectorAll('[data-with-script]').forEach(one => { one.hidden = false })
  document.querySelectorAll('[data-without-script]').forEach(one => { one.hidden = true })

  const radios = row => [...row.querySelectorAll('input[type=radio]')]
  const note = row => row.querySelector('textarea')
  const revision = row => row.querySelector(`[name=revision-${row.dataset.statement}]`)
  const point = row => radios(row).find(radio => radio.checked)?.value ?? ''
  const answer = row => ({ point: point(row), note: note(row).value.trim() })

  for (const row of rows) {
    let pause = 0
    row.addEventListener('change', () => changed(row))
    note(row).addEventListener('input', () => {
      clearTimeout(pause)
      mark(row, false)
      waiting.add(row)
      pause = setTimeout(() => changed(row), 800)
    })
  }

  function changed(row) {
    say(row, '')
    refused.delete(row)
    mark(row, false)
    if (point(row) === '0' && !note(row).value.trim()) {
      waiting.delete(row)
      refused.add(row)
      openNote(row)
      say(row, 'Write why it is not part of the role, then it is saved.')
      show('Not saved yet: one reason is missing.', true)
      return
    }
    waiting.add(row)
    send()
  }

  async function send() {
    if (sending || !waiting.size) return
    clearTimeout(timer)
    sending = true
    const [row] = waiting
    const sent = answer(row)
    show('Saving …')
    try {
      const body = new URLSearchParams({ statement: row.dataset.statement, ...sent, revision: revision(row).value })
      const response = await fetch(form.dataset.saveUrl, {
        method: 'POST',
        body,
        headers: { 'X-CSRFToken': form.querySelector('[name=csrfmiddlewaretoken]').value, 'X-Requested-With': 'fetch' },
        redirect: 'error'
      })
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
      const now = answer(row)
      if (now.point === sent.point && now.note === sent.note) {
        waiting.delete(row)
        mark(row, now.point !== '')
      }
      progress(told.progress)
      if (!waiting.size && !refused.size) show(`${count(told.progress.rated)} saved, ${told.saved_at}`)
      return
    }
    waiting.delete(row)
    refused.add(row)
    if (told.theirs) conflict(row, told)
    else say(row, told.message)
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
    show(words(), true)
    timer = setTimeout(send, 1000 * WAITS[Math.min(tries++, WAITS.length - 1)])
  }

  function conflict(row, told) {
    const box = row.querySelector('[data-row-state]')
    box.textContent = ''
    const words = document.createElement('p')
    words.className = 'err'
    const theirs = told.theirs.label + (told.theirs.note ? ` (${told.theirs.note})` : '')
    words.textContent = `${told.message} It says ${theirs} there.`
    box.append(words, button('Keep mine', () => {
      revision(row).value = told.revision
      changed(row)
    }), button('Take the other', () => {
      revision(row).value = told.revision
      radios(row).forEach(radio => { radio.checked = radio.value === String(told.theirs.point) })
      note(row).value = told.theirs.note
      changed(row)
    }))
  }

  function button(word, act) {
    const made = document.createElement('button')
    made.type = 'button'
    made.className = 'bt'
    made.textContent = word
    made.addEventListener('click', act)
    return made
  }

  function say(row, words) {
    const box = row.querySelector('[data-row-state]')
    box.textContent = ''
    if (!words) return
    const line = document.createElement('p')
    line.className = 'err'
    line.textContent = words
    box.append(line)
  }

  function mark(row, saved) {
    row.querySelector('[data-tick]').hidden = !saved
    const text = row.querySelector('[data-note-text]')
    text.hidden = !note(row).value.trim()
    text.firstElementChild.textContent = note(row).value.trim()
    row.querySelector('[data-note-word]').textContent = text.hidden ? 'Add a note' : 'Edit note'
  }

  function show(words, bad = false) {
    document.querySelectorAll('[data-saved-icon]').forEach(icon => { icon.hidden = !words.includes(' saved, ') })
    for (const state of states) {
      if (state.textContent.trim() !== words) state.textContent = words
      state.classList.toggle('bad', bad)
    }
  }

  function progress(told) {
    write('[data-progress-level]', `${told.level_rated} of ${told.level_total}`)
    write('[data-progress-all]', `${told.rated} of ${told.total}`)
    document.querySelectorAll('[data-level-done]').forEach(tick => { tick.hidden = told.level_rated < told.level_total })
    unrated()
    const bar = document.querySelector('.tabs [aria-current] .pbar')
    bar?.querySelector('.f').setAttribute('width', String((100 * told.level_rated) / told.level_total))
    bar?.setAttribute('aria-label', `${told.level_rated} of ${told.level_total}`)
  }

  const count = rated => (rated === 1 ? '1 answer' : `All ${rated} answers`)
  const write = (where, words) => document.querySelectorAll(where).forEach(one => { one.textContent = words })

  function unrated() {
    const list = document.querySelector('[data-unrated]')
    const left = rows.filter(row => !rated(row))
    if (!list) return
    list.textContent = left.length ? `, ${left.length} not rated yet: ` : ', all rated'
    left.forEach((row, place) => {
      const link = document.createElement('a')
      link.href = `#${row.id}`
      link.textContent = row.querySelector('.st-no').firstChild.textContent.trim()
      list.append(place ? ', ' : '', link)
    })
  }

  // Keys: the row in hand is framed and drawn large.
  const rated = row => point(row) !== ''
  let current = null

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
  const nextUnrated = () => [...rows, ...rows].slice(rows.indexOf(current) + 1).find(row => !rated(row))

  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.target.matches('textarea, input:not([type=radio]), select')) {
      if (event.key === 'Escape') go(event.target.closest('[data-statement]') ?? current)
      return
    }
    const row = event.target.closest?.('[data-statement]') ?? current
    if (row && row !== current) go(row, false)
    const radio = row && /^[0-9]$/.test(event.key) && radios(row).find(one => one.value === event.key)
    if (radio) {
      radio.checked = true
      radio.dispatchEvent(new Event('change', { bubbles: true }))
      if (event.key !== '0') go(beside(1))
    } else if (event.key === 'ArrowDown') go(beside(1))
    else if (event.key === 'ArrowUp') go(beside(-1))
    else if (event.key === 'n' || event.key === 'N') openNote(row)
    else if (event.key === 'u' || event.key === 'U') go(nextUnrated())
    else return
    event.preventDefault()
  })

  document.querySelectorAll('[data-next-unrated]').forEach(link => {
    link.addEventListener('click', event => {
      const row = nextUnrated()
      if (!row) return
      event.preventDefault()
      go(row)
    })
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
}
