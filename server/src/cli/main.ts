#!/usr/bin/env node
/** The entry point of the `badged` command. Without a command, it serves. */
import { program } from './program.js';

const args = process.argv.slice(2);
const [first] = args;
// Flags before any command are those of serve, but for the program's own.
const isCommand = first?.startsWith('-') === false;
const isOfProgram = first !== undefined && ['-h', '--help', '-V', '--version'].includes(first);
void program().parseAsync(isCommand || isOfProgram ? args : ['serve', ...args], { from: 'user' });
