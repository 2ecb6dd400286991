#!/usr/bin/env node
/** The entry point of the `badged` command. */
import { program } from './program.js';

await program().parseAsync();
