// Draws what the box says, and says so itself when the box says nothing.
import { Sound } from './sound.js'
import { technicianTables } from './technicians.js'
import { duration, minutesAndSeconds, sentence } from './words.js'

/** @typedef {import('../core/plain-view.ts').PlainStatus} PlainStatus */
/** @typedef {import('../core/plain-view.ts').Mood | 'lost' | 'starting'} Look */

/** The box answers every second. Without an answer for this long the page has lost it, ms. */
const lostAfterMs = 5_000

/** @param {string} id */
const byId = (id) => {
  const element = document.getElementById(id)
  if (element === null) throw new Error(`no element ${id}`)
  return element
}

const sound = new Sound()
/** @type {{ status: PlainStatus, at: number } | null} */
let last = null
const openedAt = performance.now()
/** @type {string | null} */
let firstVersion = null

/** Writes only what has changed: a live region would read the same sentence every second. @param {string} id @param {string} text */
const write = (id, text) => {
  const element = byId(id)
  if (element.textContent !== text) element.textContent = text
}

/** @param {string} id @param {readonly string[]} texts @param {string} tag */
const writeAll = (id, texts, tag) => {
  const element = byId(id)
  while (element.children.length > texts.length) element.lastElementChild?.remove()
  texts.forEach((text, index) => {
    const child = element.children[index] ?? element.appendChild(document.createElement(tag))
    if (child.textContent !== text) child.textContent = text
  })
}

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1)

/** @param {string} id @param {boolean} shown */
const show = (id, shown) => (byId(id).hidden = !shown)

/** @param {Look} look @param {string} title @param {readonly string[]} lines */
const say = (look, title, lines) => {
  document.body.dataset['mood'] = look
  byId('shape').setAttribute('href', `#shape-${look}`)
  write('title', title)
  writeAll('lines', lines, 'p')
  const name = `${title} – Infusion Watch hub`
  if (document.title !== name) document.title = name
}

/** @param {string | null} number */
const showNumber = (number) => {
  show('call', number !== null)
  if (number === null) return
  write('number', number)
  const digits = number.replaceAll(/[^+\d]/g, '')
  if (digits === '') byId('number').removeAttribute('href')
  else byId('number').setAttribute('href', `tel:${digits}`)
}

/** @param {HTMLElement} list */
const newPumpRow = (list) => {
  const row = list.appendChild(document.createElement('li'))
  const mark = row.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))
  mark.setAttribute('class', 'mark')
  mark.setAttribute('viewBox', '0 0 64 64')
  mark.setAttribute('aria-hidden', 'true')
  mark.append(document.createElementNS('http://www.w3.org/2000/svg', 'use'))
  for (const name of ['where', 'words']) row.appendChild(document.createElement('span')).className = name
  return row
}

/** @param {PlainStatus['pumps']} pumps @param {number} olderMs */
const drawPumps = (pumps, olderMs) => {
  show('pumps-section', pumps.length > 0)
  const list = byId('pumps')
  while (list.children.length > pumps.length) list.lastElementChild?.remove()
  pumps.forEach(({ port, mood, line }, index) => {
    const known = list.children[index]
    const row = known instanceof HTMLElement ? known : newPumpRow(list)
    row.dataset['mood'] = mood
    row.querySelector('use')?.setAttribute('href', `#shape-${mood}`)
    for (const [name, text] of [
      ['where', port],
      ['words', sentence(line, olderMs)],
    ]) {
      const element = row.querySelector(`.${name}`)
      if (element !== null && element.textContent !== text) element.textContent = text ?? ''
    }
  })
}

const draw = () => {
  const now = performance.now()
  const olderMs = now - (last?.at ?? openedAt)
  const lost = olderMs > lostAfterMs
  const status = lost ? null : (last?.status ?? null)
  if (lost) {
    say('lost', 'This page has lost the box', [
      `The box has not answered for ${duration(olderMs)}. What it says now is not known.`,
      'Is the box switched on? Look at the pump: its own alarm still works.',
    ])
    write('age', '')
    showNumber(last?.status.nurseLine ?? null)
    write('live', `Not live for ${duration(olderMs)}`)
  } else if (status !== null) {
    say(
      status.mood,
      status.title.text,
      status.lines.map((line) => sentence(line, olderMs)),
    )
    const { sinceMs } = status.title
    write('age', sinceMs === undefined ? '' : capital(sentence({ text: '', sinceMs }, olderMs).trim()))
    showNumber(status.mood === 'call' || status.mood === 'attention' ? status.nurseLine : null)
    write('hub', status.hub)
    show('simulated', status.simulated)
    write('live', olderMs < 2_000 ? 'Live' : `Last answer ${duration(olderMs)} ago`)
    writeAll(
      'also',
      status.also.map((line) => sentence(line, olderMs)),
      'li',
    )
    drawPumps(status.pumps, olderMs)
    firstVersion ??= status.version
    show('old', status.version !== firstVersion)
  }
  show('also-section', status !== null && status.also.length > 0)
  if (lost) show('pumps-section', false)
  drawSound(status, lost, olderMs)
}

/** @param {PlainStatus | null} status @param {boolean} lost @param {number} olderMs */
const drawSound = (status, lost, olderMs) => {
  const on = sound.check()
  const sounding = lost || status?.sounding === true
  if (on) sound.play(lost ? 'lost' : sounding ? 'alarm' : null)
  document.body.dataset['sounding'] = sounding ? 'yes' : 'no'
  document.body.dataset['sound'] = on ? 'on' : 'off'
  show('sound-on', !on)
  show('sound-test', on && !sounding)
  write('sound-words', soundWords(on, sounding))
  show('quiet', status?.sounding === true)
  const leftMs = (status?.quietForMs ?? 0) - olderMs
  show('pause', leftMs > 0)
  write('pause', leftMs > 0 ? `Quiet for ${minutesAndSeconds(leftMs)}, then it sounds again.` : '')
  write(
    'sounder',
    status === null
      ? ''
      : status.sounder === 'works'
        ? 'The box has a sounder of its own.'
        : status.sounder === 'fails'
          ? 'The box’s own sounder does not work. Tell your team.'
          : 'The box has no sounder of its own: only this page can be heard.',
  )
}

/** @param {boolean} on @param {boolean} sounding */
const soundWords = (on, sounding) => {
  if (on) return sounding ? 'Sound is on, and sounding now.' : 'Sound is on.'
  if (sound.wanted) return 'The sound is off: this browser does not let it run. Press the button again.'
  return 'The sound of this page is off. It cannot wake you.'
}

const turnSoundOn = async () => {
  try {
    await sound.turnOn()
    draw()
    // The audio clock has to advance before the page may say that the sound is on.
    setTimeout(() => {
      draw()
      sound.test()
    }, 300)
    await navigator.wakeLock.request('screen')
  } catch {
    // Refused: the words beside the button say so. A screen that may go dark is no reason to be silent.
  }
}

const beQuiet = async () => {
  try {
    const reply = await fetch('/quiet', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
      signal: AbortSignal.timeout(3_000),
    })
    if (reply.ok) last = { status: await reply.json(), at: performance.now() }
    draw()
  } catch {
    // It goes on sounding, which is what the page shows.
  }
}

byId('sound-on').addEventListener('click', () => void turnSoundOn())
byId('sound-test').addEventListener('click', () => sound.test())
byId('quiet').addEventListener('click', () => void beQuiet())

const fold = byId('technicians')
const loadTables = async () => {
  if (!(fold instanceof HTMLDetailsElement) || !fold.open) return
  try {
    const reply = await fetch('/status', { cache: 'no-store', signal: AbortSignal.timeout(3_000) })
    byId('tech').replaceChildren(...technicianTables(await reply.json()))
    write('tech-note', `As of ${new Date().toLocaleTimeString('en-GB')}`)
  } catch {
    write('tech-note', 'The box does not answer. These are its last numbers.')
  }
}
fold.addEventListener('toggle', () => void loadTables())

const pollerUrl =
  globalThis.trustedTypes
    ?.createPolicy('status-page', { createScriptURL: () => '/poller.js' })
    .createScriptURL('/poller.js') ?? '/poller.js'
const poller = new Worker(pollerUrl, { type: 'module' })
let ticks = 0
poller.addEventListener('message', ({ data }) => {
  if (data.kind === 'status') last = { status: data.status, at: performance.now() }
  else {
    ticks += 1
    if (!sound.loaded) void sound.load().catch(() => undefined)
    if (ticks % 5 === 0) void loadTables()
  }
  draw()
})
// Should the worker itself die: the page must not stand still and look live.
setInterval(draw, 1_000)
