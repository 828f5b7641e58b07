// What any page has to do that shows a line as it comes: the limit of an alarm's way from the pump to the eye.
const rows = document.getElementById('rows')
const most = 50

new WebSocket(`ws://${location.host}`).addEventListener('message', ({ data }) => {
  const row = document.createElement('li')
  const [id] = data.split(' ')
  row.setAttribute('elementtiming', id)
  row.textContent = id
  rows.prepend(row)
  if (rows.childElementCount > most) rows.lastElementChild.remove()
})
