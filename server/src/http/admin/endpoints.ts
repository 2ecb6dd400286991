/** The admin API: every endpoint of it. */
import type { Endpoint } from '../endpoint.js';
import { appEndpoints } from './apps.js';
import { tokenEndpoints } from './tokens.js';

export const adminEndpoints: readonly Endpoint[] = [...appEndpoints, ...tokenEndpoints];
