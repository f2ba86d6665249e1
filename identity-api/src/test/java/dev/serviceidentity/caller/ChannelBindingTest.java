// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.caller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChannelBindingTest {
  private static final byte[] ENCODED = {0x30, 3, 2, 1, 7};
  private static final String PREFIX = "tls-server-end-point:";

  /** RFC 5929 section 4.1. */
  @ParameterizedTest
  @CsvSource({
    "MD5withRSA, SHA-256",
    "SHA1withRSA, SHA-256",
    "SHA1withECDSA, SHA-256",
    "SHA256withRSA, SHA-256",
    "SHA384withECDSA, SHA-384",
    "SHA512withRSA, SHA-512",
    "SHA3-256withRSA, SHA3-256"
  })
  void theCertificateIsHashedAsItsSignatureIs(String signature, String hash)
      throws GeneralSecurityException {
    assertThat(ChannelBinding.tlsServerEndPoint(signedWith(signature)).applicationData())
        .isEqualTo(data(hash));
  }

  @Test
  void theHashOfPssIsInItsParameters() throws Exception {
    X509Certificate certificate = signedWith("RSASSA-PSS");
    var parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
    parameters.init(new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1));
    when(certificate.getSigAlgParams()).thenReturn(parameters.getEncoded());
    assertThat(ChannelBinding.tlsServerEndPoint(certificate).applicationData())
        .isEqualTo(data("SHA-384"));
  }

  @Test
  void aSignatureWithoutHashHasNoBinding() throws GeneralSecurityException {
    X509Certificate certificate = signedWith("Ed25519");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ChannelBinding.tlsServerEndPoint(certificate))
        .withMessageContaining("Ed25519");
  }

  @Test
  void bindingsOfTheSameDataAreEqualAndNobodyCanChangeThem() {
    byte[] data = "tls-server-end-point:x".getBytes(StandardCharsets.US_ASCII);
    var binding = ChannelBinding.of(data);
    assertThat(binding)
        .isEqualTo(ChannelBinding.of(data))
        .hasSameHashCodeAs(ChannelBinding.of(data));
    data[0]++;
    binding.applicationData()[0]++;
    assertThat(binding).isNotEqualTo(ChannelBinding.of(data));
    assertThat(binding).hasToString("ChannelBinding[tls-server-end-point]");
  }

  @Test
  void evidenceCarriesThem() {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    var binding = ChannelBinding.of(new byte[] {1});
    CallerEvidence evidence = CallerEvidence.of(address, address);
    assertThat(evidence.channelBindings()).isEmpty();
    assertThat(evidence.channelBindings(List.of(binding)).request("GET", "/").channelBindings())
        .containsExactly(binding);
  }

  private static byte[] data(String hash) throws GeneralSecurityException {
    byte[] prefix = PREFIX.getBytes(StandardCharsets.US_ASCII);
    byte[] digest = MessageDigest.getInstance(hash).digest(ENCODED);
    byte[] data = Arrays.copyOf(prefix, prefix.length + digest.length);
    System.arraycopy(digest, 0, data, prefix.length, digest.length);
    return data;
  }

  private static X509Certificate signedWith(String algorithm) throws GeneralSecurityException {
    X509Certificate certificate = mock();
    when(certificate.getSigAlgName()).thenReturn(algorithm);
    when(certificate.getEncoded()).thenReturn(ENCODED);
    return certificate;
  }
}
