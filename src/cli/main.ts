/** The executable: a command line in, an exit code out. */
import process from 'node:process';
import { hostEnvironment } from '../config/host-environment.ts';
import { ownPackage } from '../engine/packed-tail.ts';
import { runCommandLine } from './command-line.ts';

// Should nothing be left to wait for before the command has ended, that is no success.
process.exitCode = 1;
// No top-level await: bytecode is made from a bundle in which there is none.
void runCommandLine(process.argv.slice(2), hostEnvironment(), ownPackage()).then((exitCode) =>
	process.exit(exitCode),
);
