import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Instances } from '../fixtures/instances.ts'
import { keepScreenshot } from '../fixtures/screenshots.ts'
import { Person } from '../pages/person.ts'

const SPACE = 'Bamboo grove'

/** Three people, three windows, one story; each step stands on the ones before. */
describe('people chat', { timeout: 120_000 }, () => {
  const instances = new Instances()
  let alice: Person
  let bob: Person
  let carol: Person

  const arrive = async (name: string): Promise<Person> => {
    const person = new Person(name, await instances.fresh(name.toLowerCase()))
    await person.firstRun.createProfile(name)
    return person
  }
  const comeBack = async (person: Person): Promise<Person> => {
    const back = new Person(person.name, await instances.start(person.instance.dataDir))
    await back.unlock.unlock()
    await back.spaces.open(SPACE)
    await back.channels.open('general')
    return back
  }
  const everyone = (): Person[] => [alice, bob, carol]

  beforeAll(async () => {
    ;[alice, bob, carol] = await Promise.all([arrive('Alice'), arrive('Bob'), arrive('Carol')])
  }, 90_000)
  afterEach(async ({ task }) => {
    await Promise.all(
      everyone()
        .filter(({ instance }) => !instance.page.isClosed())
        .map(({ name, instance }) => keepScreenshot(instance.page, 'story', `${task.name.replaceAll(/\W+/g, '-')}-${name}`)),
    )
  })
  afterAll(() => instances.end())

  it('1 Alice makes a space and writes into it', async () => {
    await alice.spaces.create(SPACE)
    await alice.channels.open('general')
    await alice.say('First light, and I have the grove to myself.')
  })

  it('2 Bob joins by the link she copied', async () => {
    const link = await alice.invite.takeLink()
    expect(link).toMatch(/^spacepanda:join\/[A-Za-z0-9._~-]+$/)
    await bob.joinSpace(link, SPACE)
    await alice.members.member('Bob').waitFor()
    await bob.members.member('Alice').waitFor()
  })

  it('3 they talk, both ways, and see that it arrives', async () => {
    await alice.say('Morning, Bob.')
    await bob.sees(alice, 'Morning, Bob.')
    await bob.say('Morning! No server in sight.')
    await alice.sees(bob, 'Morning! No server in sight.')
    for (const [person, text] of [
      [alice, 'Morning, Bob.'],
      [bob, 'Morning! No server in sight.'],
    ] as const)
      await person.conversation.withAll(person.name, text).waitFor({ state: 'attached' })
  })

  it('4 Bob sees nothing from before he came', async () => {
    expect(await bob.conversation.spoken()).toEqual(['Alice, Morning, Bob.', 'Bob, Morning! No server in sight.'])
  })

  it('5 Carol joins the same way and sees only what comes after', async () => {
    await carol.joinSpace(await alice.invite.takeLink(), SPACE)
    await bob.members.member('Carol').waitFor()
    await alice.say('Carol, meet Bob.')
    await Promise.all([bob, carol].map((person) => person.sees(alice, 'Carol, meet Bob.')))
    await carol.say('Hello you two.')
    await Promise.all([alice, bob].map((person) => person.sees(carol, 'Hello you two.')))
    expect(await carol.conversation.spoken()).toEqual(['Alice, Carol, meet Bob.', 'Carol, Hello you two.'])
  })

  it('6 everything quits and starts again, and it is all there', async () => {
    const before = await Promise.all(everyone().map(({ conversation }) => conversation.spoken()))
    await Promise.all(everyone().map(({ instance }) => instances.quit(instance)))
    ;[alice, bob, carol] = await Promise.all([comeBack(alice), comeBack(bob), comeBack(carol)])
    await Promise.all(everyone().map((person) => person.sees(carol, 'Hello you two.')))
    expect(await Promise.all(everyone().map(({ conversation }) => conversation.spoken()))).toEqual(before)
  })

  it('7 they go on where they were', async () => {
    await bob.say('Back again.')
    await Promise.all([alice, carol].map((person) => person.sees(bob, 'Back again.', 60_000)))
    await carol.say('So am I.')
    await Promise.all([alice, bob].map((person) => person.sees(carol, 'So am I.', 60_000)))
  })

  it('8 Bob is away while Alice writes, and her window says so', async () => {
    await instances.quit(bob.instance)
    await alice.say('For when you are back, Bob.')
    await carol.sees(alice, 'For when you are back, Bob.')
    const state = alice.conversation.message('Alice', 'For when you are back, Bob.')
    await state.getByText('Held by 1 of 2 devices').waitFor({ state: 'attached' })
    expect(await alice.conversation.withAll('Alice', 'For when you are back, Bob.').count()).toBe(0)
  })

  it('9 he gets it when he returns, also after she was away herself', async () => {
    await instances.quit(alice.instance)
    alice = await comeBack(alice)
    const withAll = alice.conversation.withAll('Alice', 'For when you are back, Bob.')
    expect(await withAll.count()).toBe(0)
    bob = await comeBack(bob)
    await bob.sees(alice, 'For when you are back, Bob.', 60_000)
    await withAll.waitFor({ state: 'attached', timeout: 60_000 })
  })
})

describe('two people who never meet at once', { timeout: 120_000 }, () => {
  const instances = new Instances()
  afterAll(() => instances.end())

  it('the message is stored until they do, and delivered then', async () => {
    let ada = new Person('Ada', await instances.fresh('ada'))
    let ben = new Person('Ben', await instances.fresh('ben'))
    await Promise.all([ada.firstRun.createProfile('Ada'), ben.firstRun.createProfile('Ben')])
    await ada.spaces.create('Two')
    await ben.joinSpace(await ada.invite.takeLink(), 'Two')
    await ada.members.member('Ben').waitFor()
    await instances.quit(ben.instance)
    await ada.say('Safe here until then.')
    await ada.conversation
      .message('Ada', 'Safe here until then.')
      .getByText('Safe on this device. Waiting for Ben.')
      .waitFor({ state: 'attached' })
    await keepScreenshot(ada.instance.page, 'story', 'stored-until-they-meet')

    ada = new Person('Ada', await instances.restart(ada.instance))
    await ada.unlock.unlock()
    await ada.spaces.open('Two')
    ben = new Person('Ben', await instances.start(ben.instance.dataDir))
    await ben.unlock.unlock()
    await ben.spaces.open('Two')
    await ben.sees(ada, 'Safe here until then.', 60_000)
    await ada.conversation.withAll('Ada', 'Safe here until then.').waitFor({ state: 'attached', timeout: 60_000 })
  })
})
