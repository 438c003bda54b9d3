import { expect, it } from 'vitest'
import { makeSpace } from '../../testing/make.ts'
import { findPlaces } from './places.ts'

const spaces = [makeSpace('Harbour choir', ['general', 'réhearsals']), makeSpace('Night Owls', ['general', 'hearth'])]
const names = (query: string) =>
  findPlaces(spaces, query).map((place) => `${place.spaceName}/${place.channelId === null ? '' : place.name}`)

it('finds channels and spaces, those that begin with what was typed first', () => {
  expect(names('hear')).toEqual(['Night Owls/hearth', 'Harbour choir/réhearsals'])
  expect(names('night')[0]).toBe('Night Owls/')
})

it('does not mind accents, case or the order of words', () => {
  expect(names('REHEARSALS')).toEqual(['Harbour choir/réhearsals'])
  expect(names('choir general')).toEqual(['Harbour choir/general'])
})

it('gives everything for nothing, and nothing for what is not there', () => {
  expect(names('')).toHaveLength(6)
  expect(names('zebra')).toEqual([])
})

it('puts a word that begins with what was typed before one that only holds it', () => {
  const ranked = [makeSpace('Allotment', ['rosehip', 'the-hips', 'hip hop'])]
  expect(findPlaces(ranked, 'hip').map(({ name }) => name)).toEqual(['hip hop', 'the-hips', 'rosehip'])
})
