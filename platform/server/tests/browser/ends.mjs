// Ends, by clicking: somebody is in a team until a day, an app is shared until one, both are seen, moved and taken off, and what ends
// at once is gone.
import assert from 'node:assert/strict'
import { daysAgo, step, until } from './world.mjs'

const TEAM = '/dashboard/teams/acme-widgets'
const ENDS = `${TEAM}/access/ends`
const SOON = daysAgo(-5)
const LATER = daysAgo(-40)

// As pages say it: 5 Dec 2026.
const said = day => new Date(day).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).replace('Sept', 'Sep')

export async function ends(world) {
  const [ada, joe] = await Promise.all(['ada@acme.com', 'joe@acme.com'].map(email => world.person(email)))

  await step('Under Access there is what ends: for admins', [ada, joe], async () => {
    await ada.open(`${TEAM}/access`)
    await ada.follow('Ends', ada.page.getByRole('navigation', { name: 'Access' }))
    assert.equal(new URL(ada.page.url()).pathname, ENDS)
    await ada.says(/Nothing ends within 30 days\./)
    await joe.open(`${TEAM}/access`)
    assert.equal(await joe.page.getByRole('navigation', { name: 'Access' }).getByRole('link', { name: 'Ends' }).count(), 0)
    await joe.shows(ENDS, 403)
  })

  await step('Somebody is added until a day, which the list says', [ada], async () => {
    await ada.open(`${TEAM}/access`)
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'max@acme-inc.com', Role: 'member', 'Until, if it ends': LATER })
    const row = await ada.row('max@acme-inc.com').innerText()
    assert.ok(row.includes(`until ${said(LATER)}`) && !row.includes('ends soon'), row)
  })

  await step('The day is the same to readers in every zone', [], async () => {
    for (const timezoneId of ['Pacific/Auckland', 'America/Los_Angeles']) {
      const far = await world.person('ada@acme.com', { timezoneId })
      await far.open(`${TEAM}/access`)
      assert.ok((await far.row('max@acme-inc.com').innerText()).includes(`until ${said(LATER)}`), timezoneId)
    }
  })

  await step('It is moved where the role is changed, and the last 14 days are marked', [ada], async () => {
    await ada.follow('Edit max@acme-inc.com')
    assert.equal(await ada.field('Until', ada.form('Set end')).inputValue(), LATER)
    await ada.does('Set end', { Until: SOON })
    await ada.open(`${TEAM}/access`)
    assert.match(await ada.row('max@acme-inc.com').innerText(), /ends soon/)
  })

  await step('People with an end are filtered as one chooses', [ada], async () => {
    await ada.page.locator('select[name=ends]').selectOption({ label: 'with an end' })
    await until(async () => (await ada.column()).length === 1, 'one is left')
    assert.match((await ada.column())[0], /^max@acme-inc\.com/)
  })

  await step('An app is shared until a day, and who has it is told', [ada], async () => {
    await ada.open('/dashboard/apps/acme-website/access')
    await ada.unfold('Add User')
    await ada.does('Add User', { 'E-mail': 'sam@acme-inc.com', deploy: true, 'Until, if it ends': SOON })
    assert.ok((await ada.row('sam@acme-inc.com').innerText()).includes(`until ${said(SOON)}`))
    const sam = await world.person('sam@acme-inc.com')
    await sam.open('/dashboard/apps/acme-website')
    await sam.says(/On it until/)
  })

  await step('What ends is listed, the first end first, and changed there', [ada], async () => {
    await ada.open(ENDS)
    const listed = await ada.column()
    assert.equal(listed.length, 2)
    assert.ok(listed.some(text => text === 'max@acme-inc.com in the team') && listed.some(text => text === 'sam@acme-inc.com on app acme-website'), listed.join())
    await ada.navigated(() => ada.row('sam@acme-inc.com').locator('a.pen').click())
    await ada.does('Set end', { Until: LATER })
    assert.deepEqual(await ada.column(), ['max@acme-inc.com in the team'])
    await ada.follow('90 days')
    assert.deepEqual(await ada.column(), ['max@acme-inc.com in the team', 'sam@acme-inc.com on app acme-website'])
    await ada.navigated(() => ada.row('sam@acme-inc.com').locator('a.pen').click())
    await ada.does('Take the end off')
    assert.deepEqual(await ada.column(), ['max@acme-inc.com in the team'])
    assert.equal(new URL(ada.page.url()).searchParams.get('days'), '90')
  })

  await step('No day is no end; a day that is over is refused at the field', [ada], async () => {
    await ada.open(`${TEAM}/access`)
    await ada.follow('Edit max@acme-inc.com')
    await ada.isRefused(/is not after/, 'Set end', { Until: daysAgo(3) })
    await ada.does('Set end', { Until: '' })
    await ada.open(ENDS)
    await ada.says(/Nothing ends within 30 days\./)
  })

  await step('What ends is swept while nobody does anything, and the log says so', [ada], async () => {
    const end = new Date(Date.now() + 2_000).toISOString()
    const path = '/x/teams/acme-widgets/members/max@acme-inc.com/end'
    assert.equal((await world.api('ada@acme.com', 'PUT', path, { ends_at: end })).status, 200)
    await until(async () => {
      await ada.open(`${TEAM}/activity?kind=Ends`)
      return /swept what had ended: the membership of user `max@acme-inc\.com`/.test(await ada.text())
    }, 'it is swept')
    await ada.open(`${TEAM}/access`)
    assert.equal(await ada.row('max@acme-inc.com').count(), 0)
  })

  await step('Without scripts: an end is given, and taken off', [], async () => {
    const plain = await world.person('ada@acme.com', { javaScriptEnabled: false })
    await plain.open(`${TEAM}/access`)
    await plain.follow('Edit joe@acme.com')
    await plain.field('Until', plain.form('Set end')).fill(LATER)
    await plain.navigated(() => plain.page.getByRole('button', { name: 'Set end' }).click())
    await plain.says(/set the end of the membership of user `joe@acme\.com`/)
    await plain.navigated(() => plain.page.getByRole('button', { name: 'Take the end off' }).click())
    await plain.says(/took the end off the membership of user `joe@acme\.com`/)
  })
}
