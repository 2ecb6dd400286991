/**
 * Breaks a server on purpose, in its process, to show that a fault run finds out: node --import mutate.mjs, with
 * BADGED_MUTATION. The program knows nothing of it.
 */
import { register } from 'node:module';

register('./mutate_hooks.mjs', import.meta.url);
