#!/usr/bin/env node
/** The command. What it understands is in program.ts. */
import { program } from './program.js';

await program().parseAsync();
