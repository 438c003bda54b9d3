import type { Brand } from './brand.ts'

/** Random 16 bytes as 32 lower-case hexadecimal digits, unless a line says otherwise. */
export type ProfileId = Brand<string, 'ProfileId'>
export type GroupId = Brand<string, 'GroupId'>
/** A space owns one MLS group and is named by that group's id. */
export type SpaceId = Brand<string, 'SpaceId'>
export type ChannelId = Brand<string, 'ChannelId'>
export type MessageId = Brand<string, 'MessageId'>
export type InvitationId = Brand<string, 'InvitationId'>
export type JoinId = Brand<string, 'JoinId'>
export type TaskId = Brand<string, 'TaskId'>
/** Something asked in vain. */
export type UnmetId = Brand<string, 'UnmetId'>
/** First 16 bytes of SHA-256 of the member's identity public key, hexadecimal. */
export type MemberId = Brand<string, 'MemberId'>
/** In a space: first 16 bytes of SHA-256 of the device public key made for it. The profile's own is random and never leaves it. */
export type DeviceId = Brand<string, 'DeviceId'>
/** 16 bytes exported from an epoch, hexadecimal: unique per epoch and branch. */
export type Eid = Brand<string, 'Eid'>
/** SHA-256 of an object's bytes, 64 hexadecimal digits. */
export type ObjectId = Brand<string, 'ObjectId'>
/** libp2p peer id in its text form. */
export type PeerId = Brand<string, 'PeerId'>

const HEX_16 = /^[0-9a-f]{32}$/

export const isHexId = (text: string): boolean => HEX_16.test(text)

/** The space that owns a group, and back: today one number, two meanings. */
export const spaceOfGroup = (id: GroupId): SpaceId => id as string as SpaceId
export const groupOfSpace = (id: SpaceId): GroupId => id as string as GroupId
