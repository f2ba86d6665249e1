// Copyright the Service Identity authors.
// SPDX-License-Identifier: Apache-2.0
package dev.serviceidentity.mtls.spiffe;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What the Workload API is asked for. Messages are bytes here; who asks reads them. */
enum ApiMethod {
  X509_SVID("FetchX509SVID", MethodType.SERVER_STREAMING),
  JWT_SVID("FetchJWTSVID", MethodType.UNARY),
  JWT_BUNDLES("FetchJWTBundles", MethodType.SERVER_STREAMING);

  private final String rpc;
  private final MethodType type;

  ApiMethod(String rpc, MethodType type) {
    this.rpc = rpc;
    this.type = type;
  }

  boolean answersOnce() {
    return type == MethodType.UNARY;
  }

  MethodDescriptor<byte[], byte[]> descriptor() {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName("SpiffeWorkloadAPI", rpc))
        .setRequestMarshaller(new AsBytes())
        .setResponseMarshaller(new AsBytes())
        .build();
  }

  private static final class AsBytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] message) {
      return new ByteArrayInputStream(message);
    }

    @Override
    public byte[] parse(InputStream message) {
      try {
        return message.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
