// What any wall has to do, and nothing else: the limit that the dashboard's figures are compared with.
import { io } from './socket.io.esm.min.js'

const rows = document.getElementById('rows')

const show = (alarm) => {
  const known = document.getElementById(alarm.episodeId)
  if (known !== null) {
    known.remove()
    if (alarm.owner !== null) return
  }
  const row = document.createElement('li')
  row.id = alarm.episodeId
  row.setAttribute('elementtiming', alarm.episodeId)
  row.textContent = `${alarm.priority} ${alarm.code} ${alarm.pumpId}`
  rows.prepend(row)
}

const socket = io({ transports: ['websocket'] })
socket.on('connect', () => socket.emit('hello', { at: null, build: 'bare', protocol: 3, watch: [] }))
socket.on('snapshot', ({ alarms }, acknowledge) => {
  for (const alarm of alarms) show(alarm)
  acknowledge()
})
socket.on('update', ({ changes }) => {
  for (const change of changes) if (change.kind === 'alarm') show(change.alarm)
})
