/**
 * Whether a process of this host is running, by signal 0, which reaches nobody. One that belongs to another user is
 * alive although it may not be signalled (EPERM).
 */
export function isProcessAlive(pid: number): boolean {
  // 0 and negative numbers mean whole groups to the system.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
