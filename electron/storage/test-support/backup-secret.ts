/** Of the profile in `backup-world.ts`; apart, so that a script can have it before it loads anything else. */
export const BACKUP_PASSPHRASE = 'correct horse battery'
