// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import io.spiffe.workloadapi.grpc.Workload.JWTBundlesResponse;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bundles of JWT-SVIDs: which keys count, and which bundles are refused. */
class JwtBundlesTest {
  private static final JwtBundlesReader READER =
      new JwtBundlesReader(WorkloadApi.at("unix:///run/api.sock"));

  /** RFC 8037 appendix A.2. */
  private static final String EDWARDS =
      "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\","
          + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}";

  private final TokenAuthority authority = TokenAuthority.create(new MovingClock());
  private final JWK key = authority.key().toPublicJWK();

  @Test
  void aKeyWithoutUseOrWithOneThatSignsCounts() {
    assertThat(keys(key)).containsExactly(key.getKeyID());
    assertThat(keys(used("jwt-svid"))).hasSize(1);
    assertThat(keys(used("sig"))).hasSize(1);
  }

  /** An authority of X.509-SVIDs signs no JWT-SVID, though its key is in the same set. */
  @Test
  void aKeyForAnythingElseDoesNotCount() {
    assertThat(keys(used("x509-svid"))).isEmpty();
    assertThat(keys(used("enc"))).isEmpty();
    assertThat(keys(new ECKey.Builder(key.toECKey()).keyID(null).build())).isEmpty();
    JWTBundlesResponse none = TokenAuthority.bundle("shop.example", "{\"keys\":[]}");
    assertThat(READER.read(none.toByteArray(), null).domains().get("shop.example")).isEmpty();
  }

  @Test
  void aSharedOrPrivateKeyIsRefused() {
    refuses(
        new OctetSequenceKey.Builder(new byte[32]).keyID("k").build().toJSONString(),
        "a private or a shared key");
    refuses(authority.key().toJSONString(), "a private or a shared key");
  }

  @Test
  void aWeakKeyOrOneOfAnotherKindIsLeftOut() throws Exception {
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(1024);
    var rsa = new RSAKey.Builder((RSAPublicKey) weak.generateKeyPair().getPublic());
    leavesOut(rsa.keyID("k").build().toJSONString());
    leavesOut(EDWARDS);
    leavesOut("{\"kty\":\"EC\",\"crv\":\"P-192\",\"kid\":\"k\",\"x\":\"AA\",\"y\":\"AA\"}");
  }

  /** An earlier key that is not sent any more is not trusted, whatever else is sent. */
  private void leavesOut(String unusable) {
    TokenAuthority next = TokenAuthority.create(new MovingClock());
    String keys = next.key().toPublicJWK().toJSONString() + "," + unusable;
    JWTBundlesResponse update = TokenAuthority.bundle("shop.example", "{\"keys\":[" + keys + "]}");
    JwtBundles before = READER.read(authority.bundle("shop.example").toByteArray(), null);

    JwtBundles after = READER.read(update.toByteArray(), before);

    assertThat(after.domains().get("shop.example")).containsOnlyKeys(next.key().getKeyID());
    assertThat(after.trouble()).hasMessageContaining("a key other than EC");
  }

  @Test
  void twoKeysOfOneIdAreRefused() {
    refuses(key.toJSONString() + "," + key.toJSONString(), "two keys with one key ID");
  }

  @Test
  void whatIsNoJwkSetIsRefused() {
    for (String json : new String[] {"", "{}", "[]", "{\"keys\":1}", "{\"keys\":[1]}"}) {
      JWTBundlesResponse update = TokenAuthority.bundle("shop.example", json);
      assertThatThrownBy(() -> READER.read(update.toByteArray(), null))
          .as(json)
          .hasMessageContaining("JWT bundle for spiffe://shop.example with something that is no");
    }
  }

  @Test
  void aDomainThatIsNoneIsRefused() {
    JWTBundlesResponse update = TokenAuthority.bundle("shop.example/path", "{\"keys\":[]}");

    assertThatThrownBy(() -> READER.read(update.toByteArray(), null))
        .hasMessageContaining("'spiffe://shop.example/path', which is no trust domain");
  }

  @Test
  void aBundleThatIsNoGoodCostsItsOwnDomainAnUpdateAndNobodyElse() {
    var both =
        authority.bundle("shop.example").toBuilder()
            .putAllBundles(authority.bundle("partner.example").getBundlesMap())
            .build();
    JwtBundles before = READER.read(both.toByteArray(), null);
    TokenAuthority next = TokenAuthority.create(new MovingClock());

    JwtBundles after =
        READER.read(
            next.bundle("shop.example").toBuilder()
                .putBundles("spiffe://partner.example", ByteString.copyFromUtf8("x"))
                .build()
                .toByteArray(),
            before);

    assertThat(after.domains().get("shop.example")).containsKey(next.key().getKeyID());
    assertThat(after.domains().get("partner.example")).containsKey(key.getKeyID());
    assertThat(after.trouble()).hasMessageContaining("JWT bundle for spiffe://partner.example");
    JwtBundles last = READER.read(next.bundle("shop.example").toByteArray(), after);
    assertThat(last.domains()).containsOnlyKeys("shop.example");
    assertThat(last.trouble()).isNull();
  }

  @Test
  void whatIsNoMessageIsRefused() {
    assertThatThrownBy(() -> READER.read(new byte[] {0x0a, 0x7f}, null))
        .hasMessageContaining("has sent something that is no answer");
  }

  private static Set<String> keys(JWK one) {
    return READER
        .read(TokenAuthority.bundle("shop.example", one).toByteArray(), null)
        .domains()
        .get("shop.example")
        .keySet();
  }

  private JWK used(String use) {
    return new ECKey.Builder(key.toECKey()).keyUse(new KeyUse(use)).build();
  }

  private static void refuses(String keys, String told) {
    JWTBundlesResponse update = TokenAuthority.bundle("shop.example", "{\"keys\":[" + keys + "]}");
    assertThatThrownBy(() -> READER.read(update.toByteArray(), null)).hasMessageContaining(told);
  }
}
