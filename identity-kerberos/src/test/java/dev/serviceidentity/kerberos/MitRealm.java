// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** MIT's KDC as a process of its own, with a realm in a directory of the test. */
final class MitRealm implements AutoCloseable {
  static final String REALM = "MIT.EXAMPLE";

  /** For KDCs that answer, on however slow a machine. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final int LONGEST_START_SECONDS = 60;
  private static final int MOST_ATTEMPTS = 5;

  private final String name;
  private final Path directory;
  private final RealProgram kadmin = RealProgram.required("kadmin.local", "krb5-admin-server");
  private final RealProgram kinit = RealProgram.required("kinit", "krb5-user");
  private final Map<String, String> environment;
  private Process kdc;
  private int port;

  private MitRealm(String name, Path directory, String hostsElsewhere)
      throws IOException, InterruptedException {
    this.name = name;
    this.directory = directory;
    this.environment =
        Map.of(
            "KRB5_CONFIG", directory.resolve("krb5.conf").toString(),
            "KRB5_KDC_PROFILE", directory.resolve("kdc.conf").toString());
    RealProgram server = RealProgram.required("krb5kdc", "krb5-kdc");
    RealProgram database = RealProgram.required("kdb5_util", "krb5-kdc");
    this.port = RealProgram.unusedPort();
    configure(hostsElsewhere);
    database.run(environment, directory, "create", "-s", "-r", name, "-P", "master");
    this.kdc = start(server, hostsElsewhere);
  }

  /** Somebody else may take the port before the KDC does; then it ends, and has another one. */
  private Process start(RealProgram server, String hostsElsewhere)
      throws IOException, InterruptedException {
    Path output = directory.resolve("krb5kdc.out");
    for (int attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      Process started = server.start(environment, output, "-n", "-r", name);
      if (serves(started)) {
        return started;
      }
      end(started);
      port = RealProgram.unusedPort();
      configure(hostsElsewhere);
    }
    return fail("krb5kdc does not start: " + Files.readString(output));
  }

  /** Starts the realm, or skips the test. */
  static MitRealm in(Path directory) throws IOException, InterruptedException {
    return new MitRealm(REALM, directory, "");
  }

  /**
   * Starts a realm of another name beside it.
   *
   * @param hostsElsewhere what its KDC knows of other realms' hosts: lines of domain_realm, and
   *     whatever else follows in sections of its own
   */
  static MitRealm named(String name, Path directory, String hostsElsewhere)
      throws IOException, InterruptedException {
    return new MitRealm(name, Files.createDirectories(directory), hostsElsewhere);
  }

  /** For JVMs, which need no more than MIT's programs do. */
  Path krb5Conf() {
    return directory.resolve("krb5.conf");
  }

  /** A service of the realm that accepts callers. */
  static KerberosIdentity acceptor(String service, Path keytab) {
    return KerberosIdentity.builder()
        .principal(service + "@" + REALM)
        .keytab(keytab)
        .acceptOnly()
        .open();
  }

  /** One of its clients or services, with its own configuration. */
  KerberosIdentityBuilder builder(String principal, Path keytab) {
    return KerberosIdentity.builder()
        .principal(principal + "@" + name)
        .keytab(keytab)
        .krb5Conf(krb5Conf())
        .openTimeout(PATIENCE.multipliedBy(2));
  }

  /** Where it listens. */
  String address() {
    return "127.0.0.1:" + port;
  }

  /** Adds a principal with random keys and writes a keytab of them. */
  Path principal(String name, String... options) throws IOException, InterruptedException {
    var add = new String[options.length + 3];
    add[0] = "addprinc";
    add[1] = "-randkey";
    System.arraycopy(options, 0, add, 2, options.length);
    add[add.length - 1] = name;
    kadmin(add);
    Path keytab = directory.resolve(name.replace('/', '-') + ".keytab");
    kadmin("ktadd", "-norandkey", "-k", keytab.toString(), name);
    return keytab;
  }

  /** Adds a service that has one type of keys for tickets and for sessions. */
  Path service(String name, String type) throws IOException, InterruptedException {
    Path keytab = principal(name, "-e", type + ":normal");
    // Otherwise sessions are of type 18, which the KDC takes every service to know.
    kadmin("setstr", name, "session_enctypes", type);
    return keytab;
  }

  /** Changes a principal, or what it may do. */
  void modify(String principal, String... options) throws IOException, InterruptedException {
    var modify = new String[options.length + 2];
    modify[0] = "modprinc";
    System.arraycopy(options, 0, modify, 1, options.length);
    modify[modify.length - 1] = principal;
    kadmin(modify);
  }

  /** Lets the keys of tickets for a service be of one type, or of several. */
  void sessions(String service, String types) throws IOException, InterruptedException {
    kadmin("setstr", service, "session_enctypes", types);
  }

  /** Gives both realms a key for clients of this one in the other one. */
  void enter(MitRealm other) throws IOException, InterruptedException {
    String shared = "krbtgt/" + other.name + "@" + name;
    kadmin("addprinc", "-pw", "shared", shared);
    other.kadmin("addprinc", "-pw", "shared", shared);
  }

  /** What the KDC has written about its requests. */
  String log() throws IOException {
    return Files.readString(directory.resolve("kdc.log"));
  }

  /** Gives a principal new keys and adds them to its keytab. */
  void rotate(String name, Path keytab, String... options)
      throws IOException, InterruptedException {
    var ktadd = new String[options.length + 4];
    ktadd[0] = "ktadd";
    ktadd[1] = "-k";
    ktadd[2] = keytab.toString();
    System.arraycopy(options, 0, ktadd, 3, options.length);
    ktadd[ktadd.length - 1] = name;
    kadmin(ktadd);
  }

  /** Logs in, and returns the environment for programs of whoever has logged in. */
  Map<String, String> login(String name, Path keytab, String... options)
      throws IOException, InterruptedException {
    var own = new HashMap<String, String>(environment);
    own.put("KRB5CCNAME", "FILE:" + Files.createTempFile(directory, "ccache", ""));
    var arguments = new ArrayList<String>(List.of(options));
    arguments.addAll(List.of("-k", "-t", keytab.toString(), name + "@" + this.name));
    kinit.run(own, directory, arguments.toArray(new String[0]));
    return own;
  }

  /** The environment in which programs find this realm. */
  Map<String, String> environment() {
    return environment;
  }

  /** Asks the realm's database, and returns what it says. */
  String kadmin(String... query) throws IOException, InterruptedException {
    var arguments = new String[query.length + 2];
    arguments[0] = "-r";
    arguments[1] = name;
    System.arraycopy(query, 0, arguments, 2, query.length);
    return kadmin.run(environment, directory, arguments);
  }

  private void configure(String hostsElsewhere) throws IOException {
    Files.writeString(
        directory.resolve("krb5.conf"),
        """
        [libdefaults]
        default_realm = %1$s
        udp_preference_limit = 1
        dns_canonicalize_hostname = false
        rdns = false
        dns_lookup_kdc = false
        dns_lookup_realm = false
        kdc_timeout = 10s
        [realms]
        %1$s = {
          kdc = 127.0.0.1:%2$d
        }
        [domain_realm]
        .test = %1$s
        %4$s
        [logging]
        kdc = FILE:%3$s/kdc.log
        """
            .formatted(name, port, directory, hostsElsewhere));
    Files.writeString(
        directory.resolve("kdc.conf"),
        """
        [kdcdefaults]
        kdc_listen = ""
        kdc_tcp_listen = 127.0.0.1:%2$d
        [realms]
        %1$s = {
          database_name = %3$s/principal
          key_stash_file = %3$s/stash
          acl_file = %3$s/acl
          max_renewable_life = 7d
        }
        """
            .formatted(name, port, directory));
  }

  /** Ends without a word, as by kill -9. */
  void kill() {
    end(kdc);
  }

  /** Starts again where it was. */
  void restart() throws IOException, InterruptedException {
    Files.delete(directory.resolve("kdc.log"));
    RealProgram server = RealProgram.required("krb5kdc", "krb5-kdc");
    kdc = server.start(environment, directory.resolve("krb5kdc.out"), "-n", "-r", name);
    assertThat(serves(kdc)).as("krb5kdc starts again").isTrue();
  }

  /** Sends its process a signal: STOP freezes it, and CONT lets it go on. */
  void signal(String signal) throws IOException, InterruptedException {
    RealProgram.required("kill", "procps")
        .run(Map.of(), directory, "-" + signal, Long.toString(kdc.pid()));
  }

  /** The log tells, since whoever answers at the port may be a stranger. */
  private boolean serves(Process started) throws IOException, InterruptedException {
    Path log = directory.resolve("kdc.log");
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_START_SECONDS);
    while (!Files.exists(log) || !Files.readString(log).contains("commencing operation")) {
      if (started.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
        return false;
      }
    }
    return started.isAlive();
  }

  /** Waits, since what it writes would be in the way of removing the directory. */
  private static void end(Process process) {
    process.destroyForcibly().onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    end(kdc);
  }
}
