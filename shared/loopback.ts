/** The names of this machine that the product accepts where only this machine is meant. */
const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', '::1', 'localhost'];

/** Whether a host name (with or without the brackets of an IPv6 address) is this machine. */
export function isLoopbackHost(host: string): boolean {
  return LOOPBACK_HOSTS.includes(host.toLowerCase().replace(/^\[(.*)\]$/, '$1'));
}
