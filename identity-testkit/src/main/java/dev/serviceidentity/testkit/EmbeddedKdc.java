// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.testkit;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import dev.serviceidentity.mechanism.RequestCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kerby.kerberos.kerb.KrbException;
import org.apache.kerby.kerberos.kerb.admin.kadmin.local.LocalKadminImpl;
import org.apache.kerby.kerberos.kerb.identity.IdentityService;
import org.apache.kerby.kerberos.kerb.type.base.PrincipalName;

/**
 * A Kerberos KDC inside this JVM, for tests and demonstrations only: its server is known to let
 * clients pass without pre-authentication, and its database is in memory.
 *
 * <pre>{@code
 * try (var kdc = EmbeddedKdc.start("SHOP.EXAMPLE")) {
 *   kdc.principal("HTTP/orders.shop");
 *   kdc.keytab(directory.resolve("orders.keytab"), "HTTP/orders.shop");
 * }
 * }</pre>
 *
 * <p>A ticket that {@code kinit -R} renews still ends when the one before would have. Listens on
 * 127.0.0.1, TCP only, and makes AES keys only (encryption types 18 and 17, RFC 3962). Sets no
 * system property: who wants this JVM's own Kerberos client to use it starts the JVM with {@code
 * java.security.krb5.conf}. Several run side by side. Thread-safe.
 */
public final class EmbeddedKdc implements AutoCloseable {
  private static final TicketLife USUAL =
      TicketLife.of(Duration.ofDays(1)).renewableFor(Duration.ofDays(2));
  private static final int KEY_BYTES = 32;

  /** The version alone, since Kerby reads what it adds to: MIT's keytab file format, version 2. */
  private static final byte[] EMPTY_KEYTAB = {5, 2};

  private final String realm;
  private final Path directory;
  private final KerbyServer kerby;
  private final LocalKadminImpl administration;
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();
  private Krb5Conf configuration;

  private EmbeddedKdc(Path directory, KerbyServer kerby) {
    this.realm = kerby.realm();
    this.directory = directory;
    this.kerby = kerby;
    this.administration =
        new LocalKadminImpl(kerby.server().getKdcSetting(), kerby.server().getIdentityService());
    this.configuration = new Krb5Conf(realm, realmBlock());
  }

  /**
   * Starts a KDC whose tickets live for a day at most and are renewable for two. The first in a JVM
   * takes some hundred milliseconds, each other one some milliseconds.
   *
   * @param realm the realm, by custom in capital letters
   * @return a KDC that answers, to be closed by the caller
   * @throws IllegalStateException if it does not start
   */
  public static EmbeddedKdc start(String realm) {
    return start(realm, USUAL);
  }

  /**
   * Starts a KDC whose tickets live as the test needs it.
   *
   * @param realm the realm, by custom in capital letters
   * @param longest of all tickets; who asks for no time, as the JDK does, gets it
   * @return a KDC that answers, to be closed by the caller
   * @throws IllegalStateException if it does not start
   */
  public static EmbeddedKdc start(String realm, TicketLife longest) {
    if (!realm.matches("[A-Za-z0-9.-]{1,255}")) {
      throw new IllegalArgumentException("A realm of this KDC is written in A-Z, 0-9, '.' and '-'");
    }
    Path directory = temporaryDirectory();
    try {
      return start(directory, KerbyServer.start(realm, longest, loopback()));
    } catch (KrbException | IOException failed) {
      deleteTree(directory);
      throw notStarted(realm, failed);
    }
  }

  /** Makes a KDC of a server that listens; owns server and directory also if that fails. */
  static EmbeddedKdc start(Path directory, KerbyServer kerby) {
    var kdc = new EmbeddedKdc(directory, kerby);
    try {
      kdc.administration.createBuiltinPrincipals();
      kdc.write(unchanged -> unchanged);
      return kdc;
    } catch (KrbException | UncheckedIOException failed) {
      try (kdc) {
        throw notStarted(kdc.realm, failed);
      }
    }
  }

  /**
   * Adds a principal with random keys, version 1.
   *
   * @param name for example {@code HTTP/orders.shop}, with or without the realm
   * @return the full name, with the realm
   */
  public String principal(String name) {
    run("add " + name, () -> administration.addPrincipal(full(name)));
    return full(name);
  }

  /**
   * Adds a principal whose keys follow from a password.
   *
   * @param name for example {@code alice}, with or without the realm
   * @param password from which clients derive the key
   * @return the full name, with the realm
   */
  public String principal(String name, String password) {
    run("add " + name, () -> administration.addPrincipal(full(name), password));
    return full(name);
  }

  /**
   * Gives a principal new random keys under the next version number; keytabs written before are
   * stale from now on.
   *
   * @param name a principal that exists
   */
  public void rotateKeys(String name) {
    run("rotate the keys of " + name, () -> administration.updateKeys(full(name)));
  }

  /**
   * Writes the current keys of principals into a keytab, beside what is already in it, for this
   * user's eyes only. The file is replaced in one step: whoever follows it never reads half of it.
   *
   * @param file the keytab; made if it does not exist
   * @param names principals that exist
   * @return the same file
   */
  public Path keytab(Path file, String... names) {
    Stream.of(names).forEach(this::requirePrincipal);
    List<String> principals = Stream.of(names).map(this::full).toList();
    writing.lock(); // Of two that add to the same file, the second has the keys of the first.
    try {
      run(
          "write the keytab of " + String.join(", ", names),
          () ->
              new OwnersFile(file)
                  .add(
                      EMPTY_KEYTAB,
                      next -> administration.exportKeytab(next.toFile(), principals)));
    } finally {
      writing.unlock();
    }
    return file;
  }

  /**
   * Issues a ticket-granting ticket and keeps it in a credential cache, for this user's eyes only.
   *
   * @param file the cache; replaced in one step if it exists
   * @param name a principal that exists
   * @param life of the ticket, also if it is longer than this KDC gives to who asks
   * @return the same file
   */
  public Path ticket(Path file, String name, TicketLife life) {
    return ticket(file, name, life, Clock.systemUTC().instant());
  }

  /**
   * Issues a ticket-granting ticket as if at another time, for tickets that have ended or not yet
   * begun.
   *
   * @param file the cache; replaced in one step if it exists
   * @param name a principal that exists
   * @param life of the ticket
   * @param issued when it begins; tickets count whole seconds
   * @return the same file
   */
  public Path ticket(Path file, String name, TicketLife life, Instant issued) {
    requirePrincipal(name);
    var ticket = IssuedTicket.granting(new PrincipalName(full(name)), issued, life);
    run(
        "keep a ticket of " + name,
        () ->
            new OwnersFile(file)
                .replace(next -> ticket.writeTo(next, kerby.server().getIdentityService())));
    return file;
  }

  /**
   * What one request of a principal to a service shows, for tests of a service that accepts. Ticket
   * and token are made here, without the krb5.conf that the JVM of a real caller is started with.
   *
   * @param client a principal that exists
   * @param service a principal that exists, for example {@code HTTP/orders.shop}
   * @return {@code Authorization: Negotiate}, to be used once; judges the service's own proof too
   */
  public RequestCredentials credentials(String client, String service) {
    requirePrincipal(client);
    requirePrincipal(service);
    var name = new PrincipalName(full(client));
    Instant now = Clock.systemUTC().instant();
    var granting = IssuedTicket.granting(name, now, USUAL);
    var ticket = new IssuedTicket(name, new PrincipalName(full(service)), now, USUAL);
    IdentityService principals = kerby.server().getIdentityService();
    try {
      return TicketCredentials.of(granting.forJdk(principals), ticket.forJdk(principals));
    } catch (KrbException failed) {
      throw unable("issue a ticket of " + client + " for " + service, failed);
    }
  }

  /**
   * Lets principals of another realm ask for services of this one: both share a new key (RFC 4120
   * section 1.2), and the {@link #krb5Conf()} of both names the other. Trust is one way, and ends
   * with the realm next door.
   *
   * @param clients the KDC of the other realm; to be called once for each
   */
  public void trust(EmbeddedKdc clients) {
    String shared = "krbtgt/" + realm + "@" + clients.realm;
    String password = randomPassword();
    principal(shared, password);
    clients.principal(shared, password);
    var path = new Krb5Conf.Path(clients.realm, realm);
    write(mine -> mine.with(clients.realmBlock(), path));
    clients.write(theirs -> theirs.with(realmBlock(), path));
  }

  /**
   * The realm.
   *
   * @return as it was given
   */
  public String realm() {
    return realm;
  }

  /**
   * Where it listens, TCP only.
   *
   * @return an address on 127.0.0.1
   */
  public InetSocketAddress address() {
    return new InetSocketAddress(loopback(), kerby.port());
  }

  /**
   * A krb5.conf for clients of this KDC, for {@code -Djava.security.krb5.conf} or {@code
   * KRB5_CONFIG} of another process. It is deleted when this is closed.
   *
   * @return an existing file
   */
  public Path krb5Conf() {
    return directory.resolve("krb5.conf");
  }

  /**
   * The lines of {@link #krb5Conf()} that stand under {@code [realms]}, for whoever writes a file
   * with several realms.
   *
   * @return a block on several lines: the JDK does not read one-line blocks
   */
  public String realmBlock() {
    return "%1$s = {%n  kdc = 127.0.0.1:%2$d%n}%n".formatted(realm, kerby.port());
  }

  /** Stops the server and deletes its files. Closing twice does nothing. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        run("stop", kerby.server()::stop);
      } finally {
        deleteTree(directory);
      }
    }
  }

  private void write(UnaryOperator<Krb5Conf> change) {
    writing.lock();
    try {
      configuration = change.apply(configuration);
      Path next = directory.resolve("krb5.conf.next");
      Files.writeString(next, configuration.text());
      Files.move(next, krb5Conf(), ATOMIC_MOVE, REPLACE_EXISTING);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } finally {
      writing.unlock();
    }
  }

  private static String randomPassword() {
    byte[] bytes = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static InetAddress loopback() {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private String full(String name) {
    return name.indexOf('@') < 0 ? name + "@" + realm : name;
  }

  private void requirePrincipal(String name) {
    run(
        "find " + name,
        () -> {
          if (kerby.server().getIdentityService().getIdentity(full(name)) == null) {
            throw new KrbException(name + " was not added");
          }
        });
  }

  private interface KdcWork {
    void run() throws KrbException, IOException;
  }

  private void run(String what, KdcWork work) {
    try {
      work.run();
    } catch (KrbException | IOException failed) {
      throw unable(what, failed);
    }
  }

  private IllegalStateException unable(String what, Exception failed) {
    return new IllegalStateException("The embedded KDC of " + realm + " could not " + what, failed);
  }

  private static Path temporaryDirectory() {
    try {
      return Files.createTempDirectory("embedded-kdc-");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static IllegalStateException notStarted(String realm, Exception failed) {
    return new IllegalStateException("The embedded KDC of " + realm + " did not start", failed);
  }

  private static void deleteTree(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.deleteIfExists(path);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
