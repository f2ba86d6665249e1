// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.kerberos.kdc;

import static dev.serviceidentity.kerberos.wire.RefusedTokenException.malformed;

import dev.serviceidentity.identity.IdentityException;
import dev.serviceidentity.identity.IdentityException.Code;
import dev.serviceidentity.kerberos.config.KdcAddress;
import dev.serviceidentity.kerberos.crypto.KeyType;
import dev.serviceidentity.kerberos.crypto.KeyUsage;
import dev.serviceidentity.kerberos.crypto.ProtocolKey;
import dev.serviceidentity.kerberos.ticket.PrincipalName;
import dev.serviceidentity.kerberos.ticket.Ticket;
import dev.serviceidentity.kerberos.wire.KerberosTime;
import dev.serviceidentity.kerberos.wire.Octets;
import dev.serviceidentity.kerberos.wire.RefusedTokenException;
import dev.serviceidentity.kerberos.wire.TokenReader;
import dev.serviceidentity.kerberos.wire.TokenWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One login: the AS exchange (RFC 4120 section 3.1), with an encrypted timestamp where the KDC
 * wants one. For one thread; used once.
 */
final class AsExchange {
  private static final int MOST_NAMED = 8;

  private final Means means;
  private final PrincipalName client;
  private final ClientKeys keys;
  private final Duration life;
  private final String doing;
  private @Nullable KeyType proof;
  private @Nullable Octets cookie;
  private Duration offset;
  private boolean isTold;
  private boolean isCorrected;

  /**
   * A login.
   *
   * @param proof of which key type the KDC took a timestamp last; if that was not the strongest, it
   *     is asked anew, since who named that type is not known
   * @param life how long the ticket shall last at most
   */
  AsExchange(
      Means means, PrincipalName client, ClientKeys keys, @Nullable KeyType proof, Duration life) {
    this.means = means;
    this.client = client;
    this.keys = keys;
    this.life = life;
    this.doing = "The login of " + client;
    this.proof = strongestFirst(keys.types()).indexOf(proof) == 0 ? proof : null;
    this.offset = means.clock().offset();
  }

  static List<KeyType> strongestFirst(Collection<KeyType> types) {
    return types.stream().sorted(Comparator.comparingInt(KeyType::number).reversed()).toList();
  }

  /** Asks until there is a ticket, or nothing left that could be mended. */
  Ticket run() {
    if (keys.types().isEmpty()) {
      throw new IdentityException(
          Code.CONFIGURATION,
          doing
              + " failed: the keytab has no key of "
              + client
              + " of a type that is used."
              + KdcErrors.strongKeys(client));
    }
    while (true) {
      Outcome outcome = ask();
      if (outcome instanceof Outcome.Granted granted) {
        return granted.ticket();
      }
      var refused = (Outcome.Refused) outcome;
      if (!mends(refused)) {
        throw refused.toException(doing, client.realm(), client);
      }
    }
  }

  /** Of which type the timestamp was; empty if the KDC wanted none. */
  Optional<KeyType> proof() {
    return Optional.ofNullable(proof);
  }

  /** Each cause is mended once, so that no KDC can keep this going. */
  private boolean mends(Outcome.Refused refused) {
    KdcError error = refused.error();
    if (error.wanted() != null && !isTold) {
      isTold = true;
      proof = choose(error.wanted(), refused.from());
      cookie = error.wanted().cookie();
      return true;
    }
    if (error.code() == KdcError.SKEW && !isCorrected) {
      isCorrected = true;
      Optional<Duration> suggested = means.clock().suggested(error.serverTime());
      suggested.ifPresent(found -> offset = found);
      return suggested.isPresent();
    }
    boolean isRemembered = proof != null && !isTold;
    if (isRemembered
        && (error.code() == KdcError.PREAUTH_FAILED
            || error.code() == KdcError.ETYPE_NOT_SUPPORTED)) {
      proof = null; // What it wanted last time is no longer what it wants.
      return true;
    }
    return false;
  }

  private KeyType choose(PreAuthentication wanted, KdcAddress from) {
    if (!wanted.takesTimestamp()) {
      throw new IdentityException(
          Code.REFUSED,
          doing
              + " failed: the KDC at "
              + from
              + " takes no encrypted timestamp of "
              + client
              + ", only the pre-authentication methods "
              + wanted.methods().stream().limit(MOST_NAMED).toList()
              + ". Let it accept PA-ENC-TIMESTAMP (2) of services.");
    }
    return wanted
        .choose(keys.types())
        .orElseThrow(
            () ->
                new IdentityException(
                    Code.CONFIGURATION,
                    doing
                        + " failed: the KDC at "
                        + from
                        + " has keys of "
                        + describe(wanted.etypes())
                        + ", and the keytab has keys of "
                        + describe(keys.types().stream().map(KeyType::number).toList())
                        + "."
                        + KdcErrors.strongKeys(client)));
  }

  private static String describe(List<Integer> etypes) {
    return etypes.stream()
        .limit(MOST_NAMED)
        .map(KeyType::describe)
        .collect(Collectors.joining(", "));
  }

  /**
   * First the types of our keys, one of which is to seal the answer; then the others that the
   * session may be of: a KDC's own principal often has keys of the SHA-1 types only.
   */
  private List<KeyType> offered() {
    List<KeyType> others = strongestFirst(EnumSet.complementOf(EnumSet.copyOf(keys.types())));
    return Stream.concat(strongestFirst(keys.types()).stream(), others.stream()).toList();
  }

  private Outcome ask() {
    Instant asked = means.clock().here();
    var request =
        new KdcRequest(
            KdcRequest.RENEWABLE_OK,
            client,
            Realms.granting(client.realm(), client.realm()),
            asked.plus(offset).plus(life),
            KdcRequest.newNonce(means.random()),
            offered());
    byte[] message = KdcRequest.message(KdcRequest.OF_AS, request.body(), proofs());
    return means
        .kdcs()
        .ask(client.realm(), doing, message, (bytes, from) -> judge(bytes, from, request, asked));
  }

  private List<PaData> proofs() {
    var proofs = new ArrayList<PaData>();
    if (proof != null) {
      proofs.add(new PaData(PreAuthentication.TIMESTAMP, Octets.of(timestamp(proof))));
    }
    if (cookie != null) {
      proofs.add(new PaData(PreAuthentication.COOKIE, cookie));
    }
    return proofs;
  }

  /** PA-ENC-TIMESTAMP (section 5.2.7.2). */
  private byte[] timestamp(KeyType type) {
    Instant now = means.clock().here().plus(offset);
    byte[] plain =
        new TokenWriter(64)
            .integer(1, now.get(ChronoField.MICRO_OF_SECOND))
            .field(0, TokenReader.GENERALIZED_TIME, KerberosTime.text(now.getEpochSecond()))
            .wrap(TokenReader.SEQUENCE, 0)
            .bytes();
    ProtocolKey key = keys.key(type).orElseThrow();
    return Fields.sealed(key, KeyUsage.AS_REQUEST_TIMESTAMP, plain, means.random());
  }

  private Outcome judge(byte[] bytes, KdcAddress from, KdcRequest request, Instant asked)
      throws RefusedTokenException, WrongKeyException {
    KdcAnswer answer = KdcAnswer.read(bytes, KdcReply.OF_AS);
    if (answer instanceof KdcError error) {
      return Outcome.refused(error, from);
    }
    var reply = (KdcReply) answer;
    ProtocolKey key = key(reply.sealed().etype());
    Octets cipher = reply.sealed().cipher();
    byte[] plain =
        key.open(KeyUsage.AS_REPLY, cipher.array(), cipher.offset(), cipher.length())
            .orElseThrow(() -> new WrongKeyException(client));
    ReplyContent content = ReplyContent.read(plain, key);
    Instant there = content.life().authenticatedAt();
    Ticket ticket = ReplyRules.ticket(reply, content, request, client, there);
    means.clock().learn(there, asked, means.clock().here());
    return new Outcome.Granted(ticket);
  }

  /** Of the version that this login is made with, and of a type no weaker than its timestamp. */
  private ProtocolKey key(int etype) throws RefusedTokenException {
    if (proof != null && etype < proof.number()) {
      throw malformed(
          "its answer is sealed with "
              + KeyType.describe(etype)
              + ", and the timestamp was with "
              + KeyType.describe(proof.number()));
    }
    return KeyType.of(etype)
        .flatMap(keys::key)
        .orElseThrow(
            () ->
                malformed(
                    "its answer is sealed with "
                        + KeyType.describe(etype)
                        + ", which was not offered"));
  }
}
