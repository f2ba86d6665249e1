// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.config;

import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/** Asks DNS for the KDCs of a realm (RFC 4120 section 7.2.3.2) by the JDK's own client. */
final class SrvQuery {
  private static final String SRV = "SRV";
  private static final int MOST_RECORDS = 32;

  /** In milliseconds, and twice as long the second time, for each name server. */
  private static final String FIRST_WAIT = "1000";

  private static final String TRIES = "2";

  private final String servers;

  /**
   * Prepares, and asks nothing.
   *
   * @param servers {@code dns:} for those of the machine, or {@code dns://host:port}
   */
  SrvQuery(String servers) {
    this.servers = servers;
  }

  /**
   * Asks. Blocks for three seconds at most for each name server that does not answer.
   *
   * @return in no order; none if the domain has no such records
   */
  // Attributes of the DNS provider are texts: no object is made of what the answer says. JNDI takes
  // nothing but a Hashtable.
  @SuppressWarnings({"BanJNDI", "JdkObsolete"})
  List<SrvRecord> kdcs(String realm) throws NamingException {
    var environment = new Hashtable<String, String>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    environment.put(Context.PROVIDER_URL, servers);
    environment.put("com.sun.jndi.dns.timeout.initial", FIRST_WAIT);
    environment.put("com.sun.jndi.dns.timeout.retries", TRIES);
    var context = new InitialDirContext(environment);
    try {
      Attribute found =
          context.getAttributes("_kerberos._tcp." + realm, new String[] {SRV}).get(SRV);
      return found == null ? List.of() : records(found.getAll());
    } catch (NameNotFoundException none) {
      return List.of();
    } finally {
      context.close();
    }
  }

  private static List<SrvRecord> records(NamingEnumeration<?> texts) throws NamingException {
    var records = new ArrayList<SrvRecord>();
    try {
      while (texts.hasMore() && records.size() < MOST_RECORDS) {
        SrvRecord.parse(String.valueOf(texts.next())).ifPresent(records::add);
      }
    } finally {
      texts.close();
    }
    return records;
  }
}
