// A demo that is served, a browser, and the people who look at it.
import assert from 'node:assert/strict'
import { spawn, execFileSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import readline from 'node:readline'

const tools = createRequire(path.join(process.env.TOOLS, 'package.json'))
const { chromium } = tools('playwright-core')
export const axe = fs.readFileSync(tools.resolve('axe-core/axe.min.js'), 'utf8')

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']
// How long anything on a page may take, in milliseconds.
const PATIENCE = Number(process.env.PATIENCE ?? 20_000)

// What was tried since it was last asked, and what of it failed.
let steps = 0
let failures = []
export function told() {
  const found = { steps, failures }
  steps = 0
  failures = []
  return found
}

// A sentence, and what proves it. Where it does not hold, the sentence and the pages that are open are told, and it goes on.
export async function step(sentence, people, proof) {
  steps += 1
  try {
    await proof()
  } catch (error) {
    const lines = [`“${sentence}”`, ...people.map(person => `${person.email} at ${person.page.url()}`), error.stack]
    failures.push(lines.join('\n  '))
    console.error(failures.at(-1))
    if (process.env.FAILED) {
      await Promise.all(people.map(person => person.page.screenshot({ path: path.join(process.env.FAILED, `${steps}-${person.name}.png`), fullPage: true })))
    }
  }
}

// The day that was so many days before today, as addresses have it.
export function daysAgo(days) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}

// Waits until it holds.
export async function until(holds, what) {
  const end = Date.now() + PATIENCE
  for (;;) {
    if (await holds()) return
    assert.ok(Date.now() < end, `not in time: ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

export class World {
  static async open() {
    const world = new World()
    world.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'dashboard-'))
    world.faults = []
    const arguments_ = ['--demo', '--port', '0', '--rate-limit', '1000000', '--data', world.folder]
    const env = { ...process.env, RUST_LOG: 'warn' }
    world.server = spawn(process.env.PROGRAM, arguments_, { env, stdio: ['ignore', 'pipe', 'inherit'] })
    // Whatever becomes of this process.
    for (const end of ['SIGINT', 'SIGTERM']) process.once(end, () => process.exit(1))
    process.once('exit', () => world.server.kill())
    // A token for each of the demo's users, by e-mail.
    world.tokens = {}
    for await (const line of readline.createInterface({ input: world.server.stdout })) {
      const user = line.match(/HEROKU_API_KEY=(\S+) # (\S+)$/)
      if (user) world.tokens[user[2]] = user[1]
      world.address = line.match(/^listening on (\S+)$/)?.[1]
      if (world.address) break
    }
    assert.ok(world.address, 'the server says where it listens')
    world.browser = await chromium.launch({ executablePath: process.env.BROWSER, args: FLAGS })
    return world
  }

  async close() {
    await this.browser?.close()
    if (this.server.exitCode === null) {
      const ended = new Promise(resolve => this.server.once('exit', resolve))
      this.server.kill()
      await ended
    }
    fs.rmSync(this.folder, { recursive: true, force: true })
  }

  // What whoever runs the server does.
  admin(...words) {
    return execFileSync(process.env.PROGRAM, [...words, '--data', this.folder], { encoding: 'utf8' })
  }

  // What the API answers to this person.
  async api(email, method, path, body) {
    return this.apiWith(this.tokens[email], method, path, body)
  }

  async apiWith(token, method, path, body) {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/vnd.heroku+json; version=3', range: 'id ..; max=1000' }
    const answer = await fetch(this.address + path, { method, headers, body: body && JSON.stringify(body) })
    return { status: answer.status, body: await answer.json() }
  }

  // Somebody with a browser of their own, signed in.
  async person(email, options = {}) {
    const person = await this.stranger(options)
    person.email = email
    person.name = email.split('@')[0]
    await person.open('/dashboard')
    await person.navigated(() => person.page.getByRole('button', { name: email, exact: true }).click())
    return person
  }

  async stranger(options = {}) {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, timezoneId: 'UTC', locale: 'en-GB', ...options })
    context.setDefaultTimeout(PATIENCE)
    const page = await context.newPage()
    const person = new Person(this, page)
    context.on('console', message => {
      // That an answer is a refusal the browser says itself.
      if (message.type() !== 'error' || /^Failed to load resource: .* status of 4\d\d/.test(message.text())) return
      this.faults.push(`${person.email} at ${page.url()}: ${message.text()}`)
    })
    context.on('weberror', error => this.faults.push(`${person.email} at ${page.url()}: ${error.error()}`))
    context.on('request', request => {
      if (!request.url().startsWith(this.address + '/')) this.faults.push(`a request to ${request.url()} from ${page.url()}`)
    })
    context.on('response', response => {
      const isPage = response.request().isNavigationRequest() && response.status() !== 303
      if (isPage && response.headers()['content-security-policy'] !== POLICY) {
        this.faults.push(`${response.url()} comes with the policy ${response.headers()['content-security-policy']}`)
      }
    })
    page.on('dialog', dialog => {
      this.faults.push(`a dialog at ${page.url()}: ${dialog.message()}`)
      return dialog.dismiss()
    })
    return person
  }

  // No page has said an error, sent anything elsewhere, or come without its policy.
  isClean() {
    assert.deepEqual(this.faults, [])
  }
}

const POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
  + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

export class Person {
  constructor(world, page) {
    Object.assign(this, { world, page, email: 'a stranger', name: 'stranger' })
  }

  // Opens a page, and answers with its status.
  async open(path) {
    const answer = await this.page.goto(this.world.address + path)
    return answer.status()
  }

  // Opens a page, which answers with this status.
  async shows(path, status = 200) {
    assert.equal(await this.open(path), status, `${this.email} at ${path}`)
  }

  // What the server answers to this person's browser, without showing it.
  async ask(path) {
    const answer = await this.page.context().request.get(this.world.address + path)
    return { status: answer.status(), text: await answer.text() }
  }

  // Does what leads to another page, and waits for it.
  async navigated(act) {
    await Promise.all([this.page.waitForEvent('load'), act()])
  }

  async follow(name, within = this.page) {
    await this.navigated(() => within.getByRole('link', { name, exact: true }).first().click())
  }

  // What is called so on a page: “New app”, to be opened.
  async unfold(summary, within = this.page) {
    const details = within.locator('details').filter({ has: this.page.locator('summary', { hasText: new RegExp(`^\\s*${escaped(summary)}\\s*$`) }) }).first()
    if (!await details.evaluate(one => one.open)) await details.locator('summary').first().click()
    return details
  }

  // The form with this button; in a section, where a page has several.
  form(button, within = this.page) {
    return within.locator('form').filter({ has: this.page.getByRole('button', { name: button, exact: true, includeHidden: true }) }).first()
  }

  // The field of a form that is called so; of a box the name may go on.
  field(label, form) {
    const called = this.page.locator('span', { hasText: new RegExp(`^\\s*${escaped(label)}\\s*$`) })
    const begins = this.page.locator('span', { hasText: new RegExp(`^\\s*${escaped(label)}\\b`) })
    const field = form.locator('label').filter({ has: called }).locator('input, select, textarea')
    return field.or(form.locator('label').filter({ has: begins }).locator('input[type=checkbox]')).first()
  }

  section(title) {
    return this.page.locator('section').filter({ has: this.page.getByRole('heading', { name: title, exact: true }) }).first()
  }

  row(text) {
    return this.page.locator('tr').filter({ hasText: text }).first()
  }

  // Fills a form in, sends it, and says yes where it asks. What was refused it answers with, and nothing where it was done.
  async send(button, fields = {}, within = this.page) {
    const form = this.form(button, within)
    for (const [label, value] of Object.entries(fields)) await fill(this.field(label, form), value)
    const asks = await form.getAttribute('data-confirm')
    await this.navigated(async () => {
      await form.getByRole('button', { name: button, exact: true }).click()
      if (asks) await this.page.locator('dialog[open] button.danger').click()
    })
    const refusal = this.page.locator('.refusal')
    return await refusal.count() ? (await refusal.first().innerText()).replaceAll(/\s+/g, ' ') : null
  }

  // As `send`, and it is done.
  async does(button, fields, within) {
    const refusal = await this.send(button, fields, within)
    assert.equal(refusal, null, `${button}: ${refusal}`)
    const done = this.page.locator('.done')
    assert.ok(await done.count(), `${button}: nothing says that it was done`)
    return (await done.first().innerText()).replaceAll(/\s+/g, ' ')
  }

  // As `send`, and it is refused, in these words.
  async isRefused(words, button, fields, within) {
    const refusal = await this.send(button, fields, within)
    assert.match(refusal ?? 'it was done', words)
  }

  // Creates an app on this Apps tab.
  async createsApp(tab, fields) {
    await this.open(tab)
    await this.unfold('New app')
    await this.does('Create app', fields)
  }

  // The control is there, disabled, and says why.
  async cannot(button, why, within = this.page) {
    const control = within.locator('.control').filter({ has: this.page.getByRole('button', { name: button, exact: true, includeHidden: true }) }).first()
    assert.ok(await control.locator('button').first().isDisabled(), `${button} is disabled`)
    await control.locator('details.why summary').click()
    const told = await control.locator('details.why').innerText()
    assert.match(told.replaceAll(/\s+/g, ' '), why)
  }

  // What the page says, as people read it.
  async text() {
    return (await this.page.locator('body').innerText()).replaceAll(/[ \t]+/g, ' ')
  }

  async says(words) {
    const text = await this.text()
    assert.ok(words.test(text), `the page does not say ${words}: ${text.slice(0, 600)}`)
  }

  async title() {
    return this.page.getByRole('heading', { level: 1 }).innerText()
  }

  // The texts of a column of the list, the first if not told.
  async column(number = 1) {
    const cells = await this.page.locator(`#list tbody tr > :nth-child(${number})`).allInnerTexts()
    return cells.map(text => text.trim())
  }
}

async function fill(field, value) {
  if (typeof value === 'boolean') return field.setChecked(value)
  const tag = await field.evaluate(one => one.tagName)
  return tag === 'SELECT' ? field.selectOption({ label: value }) : field.fill(String(value))
}

const escaped = text => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
