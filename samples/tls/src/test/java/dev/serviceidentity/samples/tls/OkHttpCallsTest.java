// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.samples.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serviceidentity.mtls.MtlsIdentity;
import okhttp3.Protocol;
import okhttp3.Response;
import org.junit.jupiter.api.Test;

class OkHttpCallsTest extends ClientContract {
  @Override
  Calls as(MtlsIdentity identity) {
    var client = new OkHttpCalls(identity);
    return uri -> {
      try (Response response = client.get(uri)) {
        assertThat(response.protocol()).isEqualTo(Protocol.HTTP_2);
        return new Answer(response.code(), response.body().string());
      }
    };
  }

  @Test
  void aServerIsKnownByItsIdentityWhateverItsHostName() throws Exception {
    assertThat(as(shop.client("web")).get(otherName()).status()).isEqualTo(200);
  }
}
