/** The executable: a command line in, an exit code out. */
import process from 'node:process';
import { hostEnvironment } from '../config/host-environment.ts';
import { runCommandLine } from './command-line.ts';

// No top-level await: bytecode is made from a bundle in which there is none.
void runCommandLine(process.argv.slice(2), hostEnvironment()).then((exitCode) => process.exit(exitCode));
